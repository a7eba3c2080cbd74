import { z } from '@hono/zod-openapi';
import { mutation, query, selectionOf } from '../documents.ts';
import { etagOf, isKnownBy, revisionsAllowedBy } from '../etag.ts';
import { spelledAs } from '../faults.ts';
import type { Graph } from '../graph.ts';
import { HttpError } from '../http-error.ts';
import { define } from '../route.ts';
import { from, type Row, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { organizations, seconds } from './envelope.ts';
import { ModelSettingsUpdate, settingsChangeOf, spellingIn } from './model-settings-input.ts';

const ModelSettings = view(
  {
    disabled_providers: from('disabledProviders', z.array(z.string())),
    disabled_models: from('disabledModels', z.array(z.string())),
    default_model_key: from('defaultModelKey', z.string().nullable()),
    updated_at: seconds(
      'updatedAt',
      z.string().nullable().openapi({ description: 'ISO 8601 in UTC; null where they were never changed.' }),
    ),
    updated_by: from(
      'updatedBy.id',
      z.string().nullable().openapi({ description: 'The id of a user; null also where a service did it.' }),
    ),
  },
  'OrganizationModelSettings',
);

const paths = [...ModelSettings.paths, 'revision'];
const readSettings = query(`query RestModelSettings($organizationId: ID!) {
  settings: organizationModelSettings(organizationId: $organizationId) { ${selectionOf(paths)} }
}`);
const updateSettings = mutation('updateModelSettings', 'OrganizationModelSettings', paths);

const path = '/v1/organizations/{organization_id}/model-settings';
const etag = { ETag: { description: "The organization's revision.", schema: { type: 'string' as const } } };

/** The routes of an organization's model settings. */
export function defineModelSettings(app: RestApp): void {
  define(app, organizations, `GET ${path}`, {
    summary: 'What an organization says about models',
    headers: { 'if-none-match': z.string().optional() },
    answer: [200, 'The settings.', ModelSettings.schema],
    answerHeaders: etag,
    others: { 304: { description: 'The client has them already, says its `If-None-Match`.', headers: etag } },
    handle: async ({ graph, organizationId, context }) => {
      const { settings }: Row = await readSettings(graph, { organizationId });
      if (!isKnownBy(context.req.header('if-none-match'), settings.revision)) return answer(settings);
      return new Response(null, { status: 304, headers: { etag: etagOf(settings.revision) } });
    },
  });

  define(app, organizations, `PATCH ${path}`, {
    summary: 'Changes what an organization says about models',
    headers: { 'if-match': z.string().optional(), 'if-none-match': z.string().optional() },
    permission: 'updateModelSettings',
    body: ModelSettingsUpdate,
    answer: [200, 'The settings now.', ModelSettings.schema],
    answerHeaders: etag,
    handle: async ({ graph, organizationId, body, context: { req } }) => {
      const expected = await allowedBy(req.header('if-match'), graph, organizationId);
      const other = await otherThan(req.header('if-none-match'), graph, organizationId);
      const expectedRevision = expected ?? other;
      try {
        return answer(await updateSettings(graph, { organizationId, expectedRevision, ...settingsChangeOf(body) }));
      } catch (error) {
        throw spelledAs(error, spellingIn(body));
      }
    },
  });
}

/** Of the revisions that `If-Match` allows, the one to insist on: the present one, if it is among several. */
async function allowedBy(ifMatch: string | undefined, graph: Graph, organizationId: string) {
  const allowed = revisionsAllowedBy(ifMatch);
  if (allowed === undefined || allowed.length === 1) return allowed?.[0];
  const { revision } = (await readSettings(graph, { organizationId })).settings;
  if (allowed.includes(revision)) return revision;
  throw new HttpError('REVISION_CONFLICT', 'No entity tag of If-Match is the present one');
}

/**
 * The present revision, to insist on, where `If-None-Match` is given and does not name it. A change of nothing tells it to an API
 * key that may write the settings, and not read.
 */
async function otherThan(ifNoneMatch: string | undefined, graph: Graph, organizationId: string) {
  if (ifNoneMatch === undefined) return undefined;
  const { revision } = await updateSettings(graph, { organizationId });
  if (!isKnownBy(ifNoneMatch, revision)) return revision;
  throw new HttpError('REVISION_CONFLICT', 'The present entity tag is one of If-None-Match');
}

function answer(settings: Row): Response {
  return Response.json(ModelSettings.show(settings), { headers: { etag: etagOf(settings.revision) } });
}
