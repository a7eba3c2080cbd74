import { z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { query, selectionOf } from '../documents.ts';
import { moment } from '../schemas.ts';
import { from, made, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { OrganizationId, organizations, seconds } from './envelope.ts';

const reasonSaid = { description: 'The most important reason against it; null where there is none.' };

const ModelAccess = view({
  allowed: z.boolean().openapi({ description: 'Whether the model may be used.', example: false }),
  reasons: z.array(z.string()).openapi({
    description: 'Every reason against it, most important first. New ones may be added.',
    example: ['MODEL_DISABLED'],
  }),
  primary_reason: made(
    z
      .string()
      .nullable()
      .openapi({ ...reasonSaid, example: 'MODEL_DISABLED' }),
    ['primaryReason'],
    ({ primaryReason }) => primaryReason,
  ),
  decided_by: made(
    z
      .array(z.string())
      .nullable()
      .openapi({
        description:
          'What of the policy is against it, each in a sentence: by whom, when and why, as far as that is known. Null for those who may not read the history, which is for owners and admins.',
        example: ['The organization disabled the model gpt-4o-mini.'],
      }),
    ['decidedBy.message'],
    ({ decidedBy }) => decidedBy?.map(({ message }: { message: string }) => message) ?? null,
  ),
  model: made(
    z.string().nullable().openapi({
      description:
        'The model that the name stands for, as `provider/key`: what to call where it is allowed. Null where the catalog has none.',
      example: 'openai/gpt-4o-mini',
    }),
    ['model.provider', 'model.modelId'],
    ({ model }) => model && `${model.provider}/${model.modelId}`,
  ),
  retires_at: made(
    moment.nullable().openapi({ description: 'When its provider retires it; null where that is not known.' }),
    ['model.retiresAt'],
    ({ model }) => model?.retiresAt ?? null,
  ),
  exception_id: from(
    'exception.id',
    z.string().nullable().openapi({
      description:
        'The exception by which alone it may be used; null where there is none, or none that the caller may see.',
      example: null,
    }),
  ),
  support_contact: from(
    'supportContact',
    z.string().nullable().openapi({
      description: 'Whom to ask about it where it is refused; null where the organization names nobody.',
      example: 'ai-desk@example.com',
    }),
  ),
  revision: z.int().openapi({ description: 'The revision of the organization that it was decided at.', example: 42 }),
  catalog_version: from(
    'catalogVersion',
    z.int().openapi({ description: 'The version of the catalog that it was decided by.', example: 7 }),
  ),
  valid_until: seconds(
    'validUntil',
    moment.nullable().openapi({
      description: 'The next moment at which it could change by time alone; null where there is none.',
    }),
  ),
});

const ModelAccessAnswer = z
  .object({
    organization_id: OrganizationId,
    subject_id: z.string().nullable().openapi({
      description: 'For whom it was decided, as it was asked; null: for the caller.',
      example: null,
    }),
    ...(ModelAccess.schema as z.ZodObject).shape,
  })
  .openapi('ModelAccess', { description: 'Whether a model may be used, and why not.' });

const Query = z.strictObject({
  model: z.string().openapi({
    description:
      "A model's key: `gpt-4o`, `openai/gpt-4o` to be exact, one of its other names, its id or its display name; or an alias of the organization. Case does not matter.",
    example: 'gpt-4o-mini',
  }),
  subject_id: z.string().optional().openapi({
    description:
      'For whom: a user (`usr_…`), a team, a role (`role_member`) or an API key. Absent: for the caller. Another than the caller is for owners, admins and services that may read.',
  }),
});

const readAccess = query(`query RestModelAccess($organizationId: ID!, $modelKey: String!, $subjectId: ID) {
  access: modelAccess(organizationId: $organizationId, modelKey: $modelKey, subjectId: $subjectId) {
    ${selectionOf(ModelAccess.paths)}
  }
}`);

/** The route of a decision. */
export function defineModelAccess(app: RestApp): void {
  define(app, organizations, 'GET /v1/organizations/{organization_id}/model-access', {
    operationId: 'getModelAccess',
    summary: 'Ask whether a model may be used in an organization',
    description:
      'The decision for the caller, or for another subject, with every reason against it. A model that may not be used is no error: the status is 200. Until `valid_until` the decision is the same at an equal `revision` and `catalog_version`.',
    access: 'readOrganization',
    permission: 'readOrganization',
    query: Query,
    answer: [200, 'The decision.', ModelAccessAnswer],
    handle: async ({ graph, organizationId, query: { model: modelKey, subject_id: subjectId = null } }) => {
      const { access } = await readAccess(graph, { organizationId, modelKey, subjectId });
      return { organization_id: organizationId, subject_id: subjectId, ...ModelAccess.show(access) };
    },
  });
}
