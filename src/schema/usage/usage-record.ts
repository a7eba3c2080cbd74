import {
  type RecordedUsage,
  type RejectedUsage as RejectedUsageShape,
  recordUsage,
} from '../../domain/usage/usage-record.ts';
import { ForbiddenError, UnauthenticatedError, ValidationError } from '../../errors/base.ts';
import { builder } from '../builder.ts';
import { ValidationIssue } from '../errors/user-error.ts';

const UsageRecordInput = builder.inputType('UsageRecordInput', {
  description: 'One use of a model: by a configuration or by a model key, exactly one of the two.',
  fields: (t) => ({
    id: t.string({
      required: true,
      description:
        "The application's own id of this use, 200 characters at most. Only its first report in the organization counts.",
    }),
    modelConfigId: t.id({ description: 'The configuration that was used; it may have been deleted since.' }),
    modelKey: t.string({
      description: 'The model that was used: its key, or `provider/key` for one that the catalog does not have.',
    }),
    userId: t.string({
      description:
        'The user on whose behalf the model was called, so that users of a model can be counted: any id that stays the same, 200 characters at most. Ids of members (`usr_…`) are best. Absent: the owner of the configuration, where it is of a user.',
    }),
    promptTokens: t.int({ required: true, description: 'Tokens of input.' }),
    completionTokens: t.int({ required: true, description: 'Tokens of output.' }),
    usedAt: t.field({
      type: 'DateTime',
      description: 'When it was used, at most an hour ahead of the service; absent: now.',
    }),
  }),
});

const RejectedUsage = builder.objectRef<RejectedUsageShape>('RejectedUsage').implement({
  description: 'A record that was rejected.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its index in the batch, from 0.' }),
    id: t.exposeString('id', { nullable: true, description: 'Its id; null where the given one is invalid.' }),
    issues: t.field({
      type: [ValidationIssue],
      description: 'What is wrong with it: the first ten faults. Their paths are those of the record: `modelKey`.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
});

const RecordModelUsagePayload = builder.objectRef<RecordedUsage>('RecordModelUsagePayload').implement({
  description: 'The result of a batch: each of its records was recorded, a duplicate, or rejected.',
  fields: (t) => ({
    recorded: t.exposeInt('recorded', { description: 'Records that are new.' }),
    duplicates: t.exposeInt('duplicates', {
      description:
        'Records whose id was recorded before, or occurs earlier in the batch. They change nothing, whatever else they contain.',
    }),
    rejected: t.field({
      type: [RejectedUsage],
      description: 'Records that were rejected; correct them, and send them again.',
      resolve: ({ rejected }) => [...rejected],
    }),
  }),
});

builder.mutationField('recordModelUsage', (t) =>
  t.fieldWithInput({
    type: RecordModelUsagePayload,
    description:
      "Records uses of models. Invalid records are listed in `rejected`, and the others are recorded. Costs are computed at the catalog's present prices, and do not change later. A batch may be retried safely. For owners, admins, and API keys with the scope `usage:write`.",
    errors: {
      types: [ValidationError, ForbiddenError, UnauthenticatedError],
      union: {
        name: 'RecordModelUsageResult',
        description: 'The result of the batch, or why nothing was recorded, such as a list that is too long.',
      },
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
