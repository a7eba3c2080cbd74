import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What an export holds, and the first line that does not fit; null where all do. */
export interface VerifiedExport {
  /** Null where it has no line. */
  organizationId: string | null;
  /** The numbers of the first and the last entry that fit. */
  from: number | null;
  to: number | null;
  entries: number;
  /** Of these, how many are known by their place in the chain alone, since what they are about was hidden. */
  hidden: number;
  misfit: ExportMisfit | null;
}

export interface ExportMisfit {
  line: number;
  /**
   * `CHANGED`: the entry or its hash was. `MISSING`: the entry before is. `UNCHAINED`: the hash before is not that of the entry
   * before. `MALFORMED`: it is no line of an export, or not whole. `FOREIGN`: it is of another organization.
   */
  fault: 'CHANGED' | 'MISSING' | 'UNCHAINED' | 'MALFORMED' | 'FOREIGN';
}

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Said = z.object({ number: z.int(), organizationId: z.string() });
const Line = z.object({
  number: z.int().min(1),
  previousHash: Hash.nullable(),
  hash: Hash,
  entry: Said.optional(),
  hidden: Said.optional(),
});

const mark = '"entry":';

/** Computes the hashes of an export anew, without a database. `lines` are those of the file, without their ends. */
export async function verifyExport(lines: AsyncIterable<string>): Promise<VerifiedExport> {
  const verified: VerifiedExport = { organizationId: null, from: null, to: null, entries: 0, hidden: 0, misfit: null };
  let previous: string | null | undefined;
  let line = 0;
  for await (const text of lines) {
    line += 1;
    const parsed = parse(text);
    const fault = parsed ? faultOf(text, parsed, verified, previous) : 'MALFORMED';
    if (!parsed || fault) return { ...verified, misfit: { line, fault: fault ?? 'MALFORMED' } };
    verified.organizationId = parsed.said.organizationId;
    verified.from ??= parsed.number;
    verified.to = parsed.number;
    verified.entries += 1;
    verified.hidden += parsed.entry ? 0 : 1;
    previous = parsed.hash;
  }
  return verified;
}

type Parsed = z.output<typeof Line> & { said: z.output<typeof Said> };

function parse(text: string): Parsed | undefined {
  try {
    const line = Line.parse(JSON.parse(text));
    const said = line.entry ?? line.hidden;
    return said && said.number === line.number ? { ...line, said } : undefined;
  } catch {
    return undefined;
  }
}

function faultOf(
  text: string,
  { number, previousHash, hash, entry, said }: Parsed,
  { organizationId, to }: VerifiedExport,
  previous: string | null | undefined,
): ExportMisfit['fault'] | undefined {
  if (organizationId !== null && said.organizationId !== organizationId) return 'FOREIGN';
  if (to !== null && number !== to + 1) return 'MISSING';
  // An export may begin anywhere; the first entry of all has none before it.
  if (previous === undefined ? number === 1 && previousHash !== null : previousHash !== previous) return 'UNCHAINED';
  if (!entry) return undefined;
  const hashed = createHash('sha256').update(previousHash ?? '', 'hex');
  hashed.update(text.slice(text.indexOf(mark) + mark.length, -1));
  return hashed.digest('hex') === hash ? undefined : 'CHANGED';
}
