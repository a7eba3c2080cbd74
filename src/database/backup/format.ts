import { z } from 'zod';

/**
 * A backup is a gzip file of UTF-8 lines:
 *
 * - the `Header`, as JSON
 * - of each table its `Section`, as JSON; its rows in the text format of COPY; a line `\.`, which is no row: COPY escapes a backslash
 * - the `Trailer`, as JSON
 *
 * It has no SQL in it, and the restore executes nothing of it.
 */
export const formatName = 'modelgate-backup';

/** Incremented where an older release could not read the file. New properties of the JSON lines do not need it. */
export const formatVersion = 1;

/** The line after the last row of a table. */
export const endOfRows = Buffer.from('\\.\n');

/** Read first, from any version. */
export const Format = z.object({ format: z.literal(formatName), version: z.int() });

const Count = z.int().nonnegative();

/** Is shown on terminals, which obey control characters. */
const Name = z.string().regex(/^\P{C}{1,255}$/u);

export const Header = z.object({
  /** The moment of the snapshot. */
  createdAt: z.iso.datetime(),
  /** Modelgate's migrations that the database had, with the SHA-256 of their SQL. */
  migrations: z.array(z.object({ name: Name, checksum: z.string() })).min(1),
  /** What each master key has sealed, by its id. The keys are not in the backup. */
  masterKeys: z.record(Name, z.object({ providerKeys: Count, idempotentAnswers: Count })),
});
export type Header = z.infer<typeof Header>;

export const Section = z.object({ table: z.string(), columns: z.array(z.string()).min(1) });
export type Section = z.infer<typeof Section>;

export const Trailer = z.object({
  /** The number of rows of each table. */
  rows: z.record(z.string(), Count),
  /** SHA-256 of all lines before this one. */
  sha256: z.string(),
});
export type Trailer = z.infer<typeof Trailer>;
