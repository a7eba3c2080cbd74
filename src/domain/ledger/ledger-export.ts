import type { Database } from '../../database/pool/client.ts';
import { canonicalText, previousHash } from './entry-hash.ts';
import { isHiddenFrom } from './revision.ts';

/** Which entries come next, and to whom they go. */
export interface ExportPosition {
  organizationId: string;
  /** The number of the last entry before. */
  after: number;
  viewerId: string | null;
}

/** Entries as lines of NDJSON, the number of the last one, and whether there may be more. */
export interface ExportPage {
  lines: string;
  count: number;
  last: number;
  hasMore: boolean;
}

interface Exported {
  number: number;
  subjectId: string;
  text: string;
  hash: string;
  previousHash: string | null;
}

/** A page has so many entries at most, and ends with the one that makes it longer than so many characters. */
const pageSize = 200;
const pageLength = 250_000;

/**
 * The next entries of a ledger, oldest first. The canonical text of each stands in its line as it is, so that the hash can be
 * computed of the line. What is another user's own is left out of it: such a line has `hidden` instead.
 */
export async function readExportPage(
  db: Database,
  { organizationId, after, viewerId }: ExportPosition,
): Promise<ExportPage> {
  const found = await db.query<Exported & { hasMore: boolean }>`
    SELECT "number", "subjectId", "text", "hash", "previousHash", "before" + 1 < "count" AS "hasMore" FROM (
      SELECT e.*, coalesce(sum(length("text")) OVER w, 0) AS "length", row_number() OVER (ORDER BY "number") - 1 AS "before",
        count(*) OVER () AS "count"
      FROM (
        SELECT e."number", e."subjectId", ${canonicalText} AS "text", encode(e."hash", 'hex') AS "hash",
          encode(${previousHash}, 'hex') AS "previousHash"
        FROM public."Revision" e
        WHERE e."organizationId" = ${organizationId} AND e."number" > ${after} ORDER BY e."number" LIMIT ${pageSize + 1}
      ) e
      WINDOW w AS (ORDER BY "number" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) p
    WHERE "length" < ${pageLength} AND "before" < ${pageSize} ORDER BY "number"`;
  return {
    lines: found.map((entry) => `${lineOf(entry, viewerId)}\n`).join(''),
    count: found.length,
    last: found.at(-1)?.number ?? after,
    hasMore: found.at(-1)?.hasMore ?? false,
  };
}

function lineOf({ number, subjectId, text, hash, previousHash }: Exported, viewerId: string | null): string {
  const head = JSON.stringify({ number, previousHash, hash }).slice(0, -1);
  if (subjectId.startsWith('cfg_')) {
    const { before = null, after = null, salt: _, ...said } = JSON.parse(text);
    if (isHiddenFrom(viewerId, { subjectId, before, after })) return `${head},"hidden":${JSON.stringify(said)}}`;
  }
  return `${head},"entry":${text}}`;
}
