import { z } from '@hono/zod-openapi';
import { exportAfter, readExportPage } from '../../domain/ledger/ledger-export.ts';
import { UnauthenticatedError } from '../../errors/base.ts';
import { define } from '../define.ts';
import { streamPages } from '../stream.ts';
import type { RestApp } from '../wire.ts';
import { organizations } from './envelope.ts';

/** What a page costs for itself, for each entry, and for so many characters. */
const prices = { page: 20, entry: 1, length: 2_500 };

const hash = z.string().openapi({ pattern: '^[0-9a-f]{64}$' });
const entrySaid = z.record(z.string(), z.unknown());

const Line = z
  .object({
    number: z.int().openapi({ description: 'The number of the revision.', example: 42 }),
    previousHash: hash.nullable().describe('The hash of the revision before; null for the first.'),
    hash: hash.describe('The hash of this revision.'),
    entry: entrySaid
      .optional()
      .describe(
        'The revision, its state `before` and `after` the change included. Last in its line, as the very text that is hashed.',
      ),
    hidden: entrySaid
      .optional()
      .describe(
        "Instead of `entry` where it is of another user's own configuration: the same without what was changed.",
      ),
  })
  .openapi('RevisionLine', {
    description:
      'A revision. `hash` is SHA-256 over the bytes of `previousHash` (none where that is null) and the bytes of the line between `"entry":` and its last `}`.',
  });

const Query = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,9}$/, 'must be the number of a revision')
    .transform(Number)
    .default(0)
    .openapi({
      type: 'integer',
      minimum: 0,
      description: 'The number of the last revision that the client has: those after it are answered. Absent: all are.',
    }),
});

/** The ledger of an organization, to be kept elsewhere. */
export function defineRevisions(app: RestApp): void {
  define(app, organizations, 'GET /v1/organizations/{organization_id}/revisions.ndjson', {
    operationId: 'exportRevisions',
    summary: 'Export the history of an organization',
    description:
      'All revisions, oldest first, a line of JSON each. The answer is sent as it is read, and has no length. An answer that breaks off, since the deadline of a page has passed, the points are spent or the access was lost, is continued with `after`: the number of the last line that came whole.',
    access: 'readRevisions',
    query: Query,
    permission: 'readRevisions',
    answer: [200, 'The revisions.', Line],
    answerType: 'application/x-ndjson',
    handle: async ({ graph, organizationId, query: { after } }) => {
      await graph.authorize('readRevisions', organizationId);
      const startedAt = performance.now();
      let position = exportAfter(after);
      return streamPages(graph, 'application/x-ndjson', () =>
        graph.read(async (context) => {
          const { viewer } = context;
          const db = context.database();
          // The right, or the session, may have been lost since the page before.
          if (performance.now() - startedAt > viewer.validForMs)
            throw new UnauthenticatedError('Your session has expired');
          await context.actor().reauthorize(db, organizationId);
          const { lines, count, next } = await readExportPage(
            db,
            { organizationId, viewerId: viewer.userId },
            position,
          );
          if (next) position = next;
          await graph.spend(prices.page + count * prices.entry + Math.ceil(lines.length / prices.length));
          return { text: lines, hasMore: next !== null };
        }),
      );
    },
  });
}
