import type { Database } from '../../database/pool/client.ts';
import { canonicalText, previousHash } from './entry-hash.ts';
import { isHiddenFrom } from './revision.ts';

/** Where an export has come to: the number of the last entry, and how many come next at most. */
export interface ExportPosition {
  after: number;
  limit: number;
}

/** Whose ledger, and to whom it goes. */
interface Export {
  organizationId: string;
  viewerId: string | null;
}

/** Entries as lines of NDJSON, and where the next page begins; null where there is none. */
export interface ExportPage {
  lines: string;
  count: number;
  next: ExportPosition | null;
}

interface Exported {
  number: number;
  subjectId: string;
  text: string;
  hash: string;
  previousHash: string | null;
}

/** A page ends with the entry that makes it longer than so many characters. */
const pageLength = 250_000;

/** The first page is short, since it is not known yet how long the entries are. */
const limits = { first: 20, longest: 200 };

/** The first page of an export, after the entry of this number. */
export function exportAfter(number: number): ExportPosition {
  return { after: number, limit: limits.first };
}

/**
 * The next entries of a ledger, oldest first. The canonical text of each stands in its line as it is, so that the hash can be
 * computed of the line. What is another user's own is left out of it: such a line has `hidden` instead.
 */
export async function readExportPage(
  db: Database,
  { organizationId, viewerId }: Export,
  { after, limit }: ExportPosition,
): Promise<ExportPage> {
  const found = await db.query<Exported & { hasMore: boolean }>`
    SELECT "number", "subjectId", "text", "hash", "previousHash", "before" + 1 < "count" AS "hasMore" FROM (
      SELECT e.*, coalesce(sum(length("text")) OVER w, 0) AS "length", row_number() OVER (ORDER BY "number") - 1 AS "before",
        count(*) OVER () AS "count"
      FROM (
        SELECT e."number", e."subjectId", ${canonicalText} AS "text", encode(e."hash", 'hex') AS "hash",
          encode(${previousHash}, 'hex') AS "previousHash"
        FROM public."Revision" e
        WHERE e."organizationId" = ${organizationId} AND e."number" > ${after} ORDER BY e."number" LIMIT ${limit + 1}
      ) e
      WINDOW w AS (ORDER BY "number" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) p
    WHERE "length" < ${pageLength} AND "before" < ${limit} ORDER BY "number"`;
  const lines = found.map((entry) => `${lineOf(entry, viewerId)}\n`).join('');
  const last = found.at(-1);
  if (!last?.hasMore) return { lines, count: found.length, next: null };
  // As many as fit, where the next are as long as these: the text of one that does not fit is made for nothing.
  const fitting = Math.ceil((pageLength * found.length) / lines.length);
  return { lines, count: found.length, next: { after: last.number, limit: Math.min(fitting, limits.longest) } };
}

function lineOf({ number, subjectId, text, hash, previousHash }: Exported, viewerId: string | null): string {
  const head = JSON.stringify({ number, previousHash, hash }).slice(0, -1);
  if (subjectId.startsWith('cfg_')) {
    const { before = null, after = null, salt: _, ...said } = JSON.parse(text);
    if (isHiddenFrom(viewerId, { subjectId, before, after })) return `${head},"hidden":${JSON.stringify(said)}}`;
  }
  return `${head},"entry":${text}}`;
}
