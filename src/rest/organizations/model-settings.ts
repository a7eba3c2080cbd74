import { z } from '@hono/zod-openapi';
import { isKnownBy } from '../../domain/input/entity-tag.ts';
import { define } from '../define.ts';
import { mutation, query, selectionOf } from '../documents.ts';
import { revisionsAllowedBy } from '../etag.ts';
import { spelledAs } from '../faults.ts';
import type { Graph } from '../graph.ts';
import { headersNamed, requestHeaders, textOfHeader } from '../headers.ts';
import { HttpError } from '../http-error.ts';
import { moment } from '../schemas.ts';
import { from, type Row, view } from '../view.ts';
import type { RestApp, RestContext } from '../wire.ts';
import { organizations, seconds } from './envelope.ts';
import {
  DescribedModelSettingsUpdate,
  ModelSettingsUpdate,
  settingsChangeOf,
  spellingIn,
} from './model-settings-input.ts';
import { ModelSettingsPreview, previewSettings } from './model-settings-preview.ts';

const ModelSettings = view(
  {
    disabled_providers: from(
      'disabledProviders',
      z
        .array(z.string())
        .openapi({ description: 'Slugs of providers none of whose models may be used.', example: ['google'] }),
    ),
    disabled_models: from(
      'disabledModels',
      z.array(z.string()).openapi({
        description: 'Keys of models that may not be used, though their provider may.',
        example: ['gpt-4o-mini'],
      }),
    ),
    default_model_key: from(
      'defaultModelKey',
      z.string().nullable().openapi({
        description: 'The key of the default model, or an alias; null for none.',
        example: 'claude-sonnet-4-6',
      }),
    ),
    updated_at: seconds(
      'updatedAt',
      moment.nullable().openapi({ description: 'When they were last changed, in UTC; null where they never were.' }),
    ),
    updated_by: from(
      'updatedBy.id',
      z.string().nullable().openapi({
        description:
          'The id of the user who changed them last; null where they never were changed, or an API key did it.',
        example: 'usr_abc123def456',
      }),
    ),
  },
  'OrganizationModelSettings',
  { description: 'What an organization says about models. All models are allowed that it does not disable.' },
);

const paths = [...ModelSettings.paths, 'revision'];
const readSettings = query(`query RestModelSettings($organizationId: ID!) {
  settings: organizationModelSettings(organizationId: $organizationId) { ${selectionOf(paths)} }
}`);
const updateSettings = mutation('updateModelSettings', 'OrganizationModelSettings', paths);

const path = '/v1/organizations/{organization_id}/model-settings';
const etag = headersNamed({ ETag: 'ETag' });
const reasonHeader = 'X-Change-Reason';
const { 'If-Match': ifMatch, 'If-None-Match': ifNoneMatch, [reasonHeader]: changeReason } = requestHeaders;

/** The routes of an organization's model settings. */
export function defineModelSettings(app: RestApp): void {
  define(app, organizations, `GET ${path}`, {
    operationId: 'getModelSettings',
    summary: 'Get the model settings of an organization',
    description: 'Where none were ever made they are empty lists, no default, and no time.',
    access: 'readOrganization',
    headers: { 'If-None-Match': ifNoneMatch },
    answer: [200, 'The settings.', ModelSettings.schema],
    answerHeaders: etag,
    others: {
      304: {
        description: 'They are what the client has: `If-None-Match` names the present entity tag.',
        headers: etag,
      },
    },
    handle: async ({ graph, organizationId, context }) => {
      const { settings }: Row = await readSettings(graph, { organizationId });
      const present = await graph.entityTagOf(settings.revision);
      if (!isKnownBy(context.req.header('if-none-match'), present))
        return answer(ModelSettings.show(settings), present);
      return new Response(null, { status: 304, headers: { etag: present } });
    },
  });

  define(app, organizations, `PATCH ${path}`, {
    operationId: 'updateModelSettings',
    summary: 'Change the model settings of an organization',
    description:
      'A field that is not given stays, and a list is replaced whole. The change is made as a whole, or refused and nothing is changed. With `dry_run=true` it is tried: the checks and refusals are the same, and the answer says what would change, for whom, and how much that was used.',
    access: 'updateModelSettings',
    hasDryRun: true,
    headers: { 'If-Match': ifMatch, 'If-None-Match': ifNoneMatch, [reasonHeader]: changeReason },
    permission: 'updateModelSettings',
    body: ModelSettingsUpdate,
    describedBody: DescribedModelSettingsUpdate,
    examples: {
      placeholders: {
        summary: 'A template. It is refused until the placeholders are replaced.',
        value: { disabledProviders: ['<provider>'], disabledModels: ['<model>'], defaultModelKey: '<model>' },
      },
      nothing: { summary: 'Changes nothing, and answers the settings.', value: {} },
    },
    answer: [
      200,
      'The settings after the change; of a dry run, what it would mean, which has `dry_run`.',
      z.union([ModelSettings.schema, ModelSettingsPreview.schema]),
    ],
    answerHeaders: etag,
    handle: async ({ graph, organizationId, body, isDryRun, context }) => {
      const { req, env } = context;
      const change = (input: Row) =>
        isDryRun ? previewSettings(graph, input, env.options.limits.pageSize) : updateSettings(graph, input);
      const present = async () => (await change({ organizationId })).revision;

      const reason = await reasonOf(context, graph, organizationId);
      const expected = await allowedBy(req.header('if-match'), graph, organizationId);
      const other = await otherThan(req.header('if-none-match'), graph, present);
      const expectedRevision = expected ?? other;
      const spelling = spellingIn(body);
      try {
        const outcome = await change({ organizationId, expectedRevision, reason, ...settingsChangeOf(body) });
        const { show } = isDryRun ? ModelSettingsPreview : ModelSettings;
        return answer(show(outcome), await graph.entityTagOf(outcome.revision));
      } catch (error) {
        throw spelledAs(error, (field) => (field === 'reason' ? reasonHeader : spelling(field)));
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
async function otherThan(ifNoneMatch: string | undefined, graph: Graph, present: () => Promise<number>) {
  if (ifNoneMatch === undefined) return undefined;
  const revision = await present();
  if (!isKnownBy(ifNoneMatch, await graph.entityTagOf(revision))) return revision;
  throw new HttpError('REVISION_CONFLICT', 'The present entity tag is one of If-None-Match');
}

/** Why the change is made. One who may not make it is told so first, whatever the header says. @throws HttpError */
async function reasonOf(context: RestContext, graph: Graph, organizationId: string): Promise<string | undefined> {
  try {
    return textOfHeader(context, reasonHeader);
  } catch (fault) {
    await graph.authorize('updateModelSettings', organizationId);
    throw fault;
  }
}

function answer(body: Row, etag: string): Response {
  return Response.json(body, { headers: { etag } });
}
