import { type RecordedUsage, recordUsage } from '../domain/usage-record.ts';
import { ForbiddenError, UnauthenticatedError, ValidationError } from '../errors.ts';
import { builder } from './builder.ts';

const UsageRecordInput = builder.inputType('UsageRecordInput', {
  description: 'One use of a model: by a configuration or by a model key, exactly one of the two.',
  fields: (t) => ({
    id: t.string({
      required: true,
      description:
        "The application's own id of this use, 200 characters at most. It counts once for the organization: the first report stands.",
    }),
    modelConfigId: t.id({ description: 'The configuration that was used.' }),
    modelKey: t.string({
      description: 'The model that was used: its key, or `provider/key` for one that the catalog does not have.',
    }),
    promptTokens: t.int({ required: true, description: 'Tokens of input.' }),
    completionTokens: t.int({ required: true, description: 'Tokens of output.' }),
    usedAt: t.field({
      type: 'DateTime',
      description: 'When it was used, at most an hour ahead of the service; absent: now.',
    }),
  }),
});

const RecordModelUsagePayload = builder.objectRef<RecordedUsage>('RecordModelUsagePayload').implement({
  description: 'What became of a batch.',
  fields: (t) => ({
    recorded: t.exposeInt('recorded', { description: 'Records that are new.' }),
    duplicates: t.exposeInt('duplicates', {
      description: 'Records whose id was known before, or stood in the batch twice; they changed nothing.',
    }),
  }),
});

builder.mutationField('recordModelUsage', (t) =>
  t.fieldWithInput({
    type: RecordModelUsagePayload,
    description:
      "Records uses of models: all of the batch, or nothing. The costs are frozen at the catalog's prices of this moment. A batch may be sent again safely. For owners, admins, and API keys with the scope `usage:write`.",
    errors: {
      types: [ValidationError, ForbiddenError, UnauthenticatedError],
      union: { name: 'RecordModelUsageResult', description: 'What was recorded, or why nothing was.' },
    },
    typeOptions: { name: 'RecordModelUsageInput', description: 'A batch of uses of models.' },
    argOptions: { description: 'The organization and the batch.' },
    input: {
      organizationId: t.input.id({ required: true, description: 'The id of the organization.' }),
      records: t.input.field({
        type: [UsageRecordInput],
        required: true,
        description: 'The uses: 1,000 at most, unless the service is set up otherwise.',
      }),
    },
    authScopes: (_root, { input }) => ({ recordUsage: input.organizationId }),
    resolve: (_root, { input: { organizationId, records } }, { database, catalog, actor, now, limits }) =>
      recordUsage(database(), { catalog, organizationId, actor: actor(), now, limits }, { records }),
  }),
);
