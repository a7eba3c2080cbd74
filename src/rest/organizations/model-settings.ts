import { createRoute, z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { etagOf, isKnownBy, revisionsAllowedBy } from '../etag.ts';
import { faultsOfRefusal, invalidBody } from '../faults.ts';
import { graphql } from '../generated/gql.ts';
import type { RestSettingsFragment, UpdateModelSettingsInput } from '../generated/graphql.ts';
import type { Graph } from '../graph.ts';
import { accepted, HttpError } from '../http-error.ts';
import { changeHeaders } from '../organization-of.ts';
import { readAllowed } from '../read-body.ts';
import { type RestApp, type RestContext, readJson } from '../wire.ts';
import { errorResponses, OrganizationId, toSeconds } from './envelope.ts';
import { ModelSettingsUpdate, readSettingsChange, type SettingsChange } from './model-settings-input.ts';

const ModelSettings = z
  .object({
    disabled_providers: z.array(z.string()),
    disabled_models: z.array(z.string()),
    default_model_key: z.string().nullable(),
    updated_at: z.string().nullable().openapi({ description: 'ISO 8601 in UTC; null where they were never changed.' }),
    updated_by: z.string().nullable().openapi({ description: 'The id of a user; null also where a service did it.' }),
  })
  .openapi('OrganizationModelSettings');

const ReadModelSettings = graphql(`
  query RestModelSettings($organizationId: ID!) {
    organizationModelSettings(organizationId: $organizationId) {
      ...RestSettings
    }
  }
  fragment RestSettings on OrganizationModelSettings {
    disabledProviders
    disabledModels
    defaultModelKey
    revision
    updatedAt
    updatedBy {
      id
    }
  }
`);

const UpdateModelSettings = graphql(`
  mutation RestUpdateModelSettings($input: UpdateModelSettingsInput!) {
    updateModelSettings(input: $input) {
      __typename
      ...RestSettings
      ...RestRefusal
    }
  }
`);

const path = '/v1/organizations/{organization_id}/model-settings';
const etag = { ETag: { description: "The organization's revision.", schema: { type: 'string' as const } } };

const readRoute = createRoute({
  method: 'get',
  path,
  summary: 'What an organization says about models',
  request: {
    params: z.object({ organization_id: OrganizationId }),
    headers: z.object({ 'if-none-match': z.string().optional() }),
  },
  responses: {
    200: { description: 'The settings.', headers: etag, content: { 'application/json': { schema: ModelSettings } } },
    304: { description: 'The client has them already, says its `If-None-Match`.', headers: etag },
    ...errorResponses(401, 403),
  },
});

const updateRoute = createRoute({
  method: 'patch',
  path,
  summary: 'Changes what an organization says about models',
  request: {
    params: z.object({ organization_id: OrganizationId }),
    headers: changeHeaders.extend({ 'if-match': z.string().optional(), 'if-none-match': z.string().optional() }),
    body: { required: true, content: { 'application/json': { schema: ModelSettingsUpdate } } },
  },
  responses: {
    200: {
      description: 'The settings now.',
      headers: etag,
      content: { 'application/json': { schema: ModelSettings } },
    },
    ...errorResponses(400, 401, 403, 409, 412, 413, 415, 422),
  },
});

/** The routes of an organization's model settings. */
export function defineModelSettings(app: RestApp): void {
  define(app, readRoute, async (context) => {
    const { req, env } = context;
    const settings = await readSettings(env.graph, organizationIdOf(context));
    if (isKnownBy(req.header('if-none-match'), settings.revision)) {
      return new Response(null, { status: 304, headers: { etag: etagOf(settings.revision) } });
    }
    return answer(settings);
  });

  define(app, updateRoute, async (context) => {
    const { req, env } = context;
    const organizationId = organizationIdOf(context);
    const { values, spelledAs } = await readChange(context, organizationId);
    const allowed = revisionsAllowedBy(req.header('if-match'));
    const expected = allowed && (await expectedOf(allowed, env.graph, organizationId));
    const other = await otherThan(req.header('if-none-match'), env.graph, organizationId);
    const expectedRevision = expected ?? other;
    try {
      return answer(await updateSettings(env.graph, { organizationId, expectedRevision, ...values }));
    } catch (error) {
      throw inThisSpelling(error, spelledAs);
    }
  });
}

const organizationIdOf = ({ req }: RestContext) => req.param('organization_id') ?? '';

async function readSettings(graph: Graph, organizationId: string): Promise<RestSettingsFragment> {
  return (await graph.ask(ReadModelSettings, { organizationId })).organizationModelSettings;
}

async function updateSettings(graph: Graph, input: UpdateModelSettingsInput): Promise<RestSettingsFragment> {
  const { updateModelSettings } = await graph.ask(UpdateModelSettings, { input });
  return accepted(updateModelSettings, 'OrganizationModelSettings');
}

/** What the body asks for; one who may not change the settings is told so first. */
function readChange(context: RestContext, organizationId: string): Promise<SettingsChange> {
  return readAllowed(
    () => updateSettings(context.env.graph, { organizationId }),
    async () => readSettingsChange(await readJson(context)),
  );
}

/** Of the revisions that `If-Match` allows, the one to insist on: the present one, if it is among them. */
async function expectedOf(allowed: readonly number[], graph: Graph, organizationId: string): Promise<number> {
  const [only] = allowed;
  if (only !== undefined && allowed.length === 1) return only;

  const { revision } = await readSettings(graph, organizationId);
  if (allowed.includes(revision)) return revision;
  throw new HttpError('REVISION_CONFLICT', 'No entity tag of If-Match is the present one', { status: 412 });
}

/** The present revision, to insist on, where `If-None-Match` is given and does not name it. Asked by a change of nothing. */
async function otherThan(ifNoneMatch: string | undefined, graph: Graph, organizationId: string) {
  if (ifNoneMatch === undefined) return undefined;
  const { revision } = await updateSettings(graph, { organizationId });
  if (!isKnownBy(ifNoneMatch, revision)) return revision;
  throw new HttpError('REVISION_CONFLICT', 'The present entity tag is one of If-None-Match', { status: 412 });
}

/** A refusal as this system tells it: `If-Match` fails as HTTP says, and paths are those of the body. */
function inThisSpelling(error: unknown, spelledAs: (field: string) => string): unknown {
  if (!(error instanceof HttpError)) return error;
  if (error.code === 'REVISION_CONFLICT') return new HttpError(error.code, error.message, { ...error, status: 412 });

  const faults = faultsOfRefusal(error).map(({ path, message }) => {
    const [field = '', ...rest] = path.split('.');
    return { path: [spelledAs(field), ...rest].join('.'), message };
  });
  return faults.length > 0 ? invalidBody(faults) : error;
}

function answer({ updatedAt, updatedBy, ...settings }: RestSettingsFragment): Response {
  const body: z.output<typeof ModelSettings> = {
    disabled_providers: settings.disabledProviders,
    disabled_models: settings.disabledModels,
    default_model_key: settings.defaultModelKey ?? null,
    updated_at: updatedAt ? toSeconds(updatedAt) : null,
    updated_by: updatedBy?.id ?? null,
  };
  return Response.json(body, { headers: { etag: etagOf(settings.revision) } });
}
