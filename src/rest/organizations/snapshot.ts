import { z } from '@hono/zod-openapi';
import { reauthorizeFollower, viewerIdOf } from '../../auth/viewer.ts';
import type { Context } from '../../context.ts';
import type { SigningKey } from '../../domain/checkpoints/signing-key.ts';
import { isKnownBy } from '../../domain/input/entity-tag.ts';
import { type SnapshotFile, snapshotFileOf } from '../../domain/snapshots/snapshot-file.ts';
import { parseSubjectId } from '../../domain/subjects/subject.ts';
import { ValidationError } from '../../errors/base.ts';
import { teamsNamedBy } from '../../policy/snapshot-document.ts';
import { define } from '../define.ts';
import type { Graph } from '../graph.ts';
import { headersNamed, requestHeaders } from '../headers.ts';
import type { RestApp } from '../wire.ts';
import { organizations } from './envelope.ts';
import { Snapshot } from './snapshot-schema.ts';

/** What each asked subject costs, beside the question itself. */
const pointsPerSubject = 1;

const Query = z.strictObject({
  subjects: z.string().max(25_000).optional().openapi({
    description:
      'Ids of subjects, separated by commas: their role and teams are told too. As many at most as a page has entries.',
    example: 'role_member',
  }),
});

const StreamQuery = Query.extend({
  inline: z.enum(['true', 'false']).optional().openapi({
    description:
      '`true`: events of a change have the snapshot itself (`snapshot`, `etag`, `signature`), where it is short and no subjects are asked for.',
  }),
});

const path = '/v1/organizations/{organization_id}/snapshot';
const etag = headersNamed({ ETag: 'SnapshotTag', 'Modelgate-Signature': 'Signature' });

/** What the SDK decides by, and how it hears that this has changed. */
export function defineSnapshot(app: RestApp): void {
  define(app, organizations, `GET ${path}`, {
    operationId: 'getSnapshot',
    summary: 'Get all that decisions are made by',
    description:
      'The policy with its aliases and scopes, the exceptions that have not ended, and what is asked of subjects: with the catalog of `catalogVersion` (`GET /catalog/{version}`) the SDK decides by it as the service does. Names are those of the GraphQL API. The signature is over the very bytes of the body.',
    access: 'readSubjects',
    permission: 'readSubjects',
    query: Query,
    headers: { 'If-None-Match': requestHeaders['If-None-Match'] },
    answer: [200, 'The snapshot.', Snapshot],
    answerHeaders: etag,
    others: {
      304: { description: 'It is what the client has: `If-None-Match` names the present entity tag.', headers: etag },
    },
    handle: async ({ graph, organizationId, query, context: { req, env } }) => {
      await graph.authorize('readSubjects', organizationId);
      const subjects = await subjectsOf(graph, query.subjects);
      const { signingKey: key } = env.options;
      const file = await graph.readTracked((context) => readSnapshot(context, organizationId, subjects, key));
      const headers = { etag: file.etag, ...(file.signature ? { 'modelgate-signature': file.signature } : {}) };
      return isKnownBy(req.header('if-none-match'), file.etag)
        ? new Response(null, { status: 304, headers })
        : new Response(file.text, { headers: { ...headers, 'content-type': 'application/json' } });
    },
  });

  define(app, organizations, `GET ${path}/stream`, {
    operationId: 'followSnapshot',
    summary: 'Follow the changes of the snapshot',
    description:
      'Server-sent events. `changed`: the snapshot is to be read again; the `id` of the event is the stamp, `revision.catalogVersion`, and the first event tells the present one. A comment comes every 12 seconds while the service knows that nothing has changed. `end`: the access was lost, or the service stops; its `code` says which. Nothing has to be resumed: after a reconnection the first event tells whether anything was missed.',
    access: 'readSubjects',
    permission: 'readSubjects',
    query: StreamQuery,
    answer: [
      200,
      'The events.',
      z.string().openapi({ example: 'id: 42.7\nevent: changed\ndata: {"revision":42,"catalogVersion":7}\n\n' }),
    ],
    answerType: 'text/event-stream',
    handle: async ({ graph, organizationId, query, context: { env } }) => {
      await graph.authorize('readSubjects', organizationId);
      const subjects = await subjectsOf(graph, query.subjects);
      const { snapshotHub, streamEvents } = env.options;
      return graph.readTracked(async (context) => {
        const { viewer } = context;
        const { revision } = await context.states.load(organizationId);
        const follower = {
          id: viewerIdOf(viewer) ?? '',
          accessKey: `${viewer.memberships.get(organizationId)} ${viewer.membershipFromToken}`,
          isInline: query.inline === 'true' && subjects.length === 0,
          validForMs: viewer.validForMs,
          isCurrent: () => viewer.tag.isCurrent,
          reauthorize: (db: Parameters<typeof reauthorizeFollower>[0]) =>
            reauthorizeFollower(db, viewer, organizationId),
        };
        snapshotHub.admit(organizationId, follower.id);
        return streamEvents((sink) => snapshotHub.follow(organizationId, revision, follower, sink));
      });
    },
  });
}

/** The ids of a query, each once. Costs a point each. @throws ValidationError */
async function subjectsOf(graph: Graph, text = ''): Promise<string[]> {
  if (text === '') return [];
  const ids = [...new Set(text.split(','))].sort();
  return graph.readTracked(async ({ limits: { pageSize } }) => {
    if (ids.length > pageSize) {
      throw new ValidationError([{ path: 'subjects', message: `must not have more than ${pageSize} entries` }]);
    }
    const parsed = ids.map(parseSubject);
    await graph.spend(ids.length * pointsPerSubject);
    return parsed;
  });
}

function parseSubject(id: string): string {
  try {
    return parseSubjectId(id);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ValidationError(error.issues.map((issue) => ({ ...issue, path: 'subjects' })));
  }
}

async function readSnapshot(
  { states, subjects: known, teams, catalog, dependencies, now }: Context,
  organizationId: string,
  ids: readonly string[],
  key: SigningKey | undefined,
): Promise<SnapshotFile> {
  const state = await states.load(organizationId);
  const [names, found] = await Promise.all([
    teams.names(organizationId, teamsNamedBy(state)),
    Promise.all(ids.map(async (subjectId) => [subjectId, await known.load({ organizationId, subjectId })] as const)),
  ]);
  const file = snapshotFileOf(state, { catalog, key, now, teams: names, subjects: Object.fromEntries(found) });
  dependencies.addDecision({ catalogVersion: catalog.version, validUntil: file.validUntil });
  return file;
}
