import { z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { below, mutation } from '../documents.ts';
import { invalidBody } from '../faults.ts';
import { atMost } from '../schemas.ts';
import { made, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { organizations } from './envelope.ts';

const tokens = (description: string) => z.int32().openapi({ description, minimum: 0 });

const noMoment = 'must be a moment as ISO 8601, such as 2026-03-01T10:30:00Z';

const UsageRecord = z
  .strictObject({
    id: z.string().openapi({
      description:
        "The application's own id of this use, 200 characters at most. Only its first report in the organization counts.",
      example: 'req_01m8254h0ff6fv3azyjfyw9wa5',
    }),
    modelKey: z.string().nullish().openapi({
      description: 'The model that was used: its key, or `provider/key` for one that the catalog does not have.',
    }),
    modelConfigId: z.string().nullish().openapi({
      description: 'The configuration that was used, in place of `modelKey`; it may have been deleted since.',
    }),
    userId: z.string().nullish().openapi({
      description:
        'The user on whose behalf the model was called: any id that stays the same. Ids of members (`usr_…`) are best.',
    }),
    promptTokens: tokens('Tokens of input.'),
    completionTokens: tokens('Tokens of output.'),
    usedAt: z.iso
      .datetime({ offset: true, error: noMoment })
      // By its offset it may be in a year of another number of digits, which the graph does not take.
      .refine((text) => /^\d{4}-/.test(new Date(text).toISOString()), noMoment)
      .nullish()
      .openapi({
        description: 'When it was used, at most an hour ahead of the service; absent: now.',
        example: '2026-03-01T10:30:00Z',
      }),
  })
  .openapi('UsageRecord', { description: 'One use of a model: by a model key or by a configuration.' });

const UsageBatch = z
  .strictObject({
    records: z.array(UsageRecord).openapi({ description: 'The uses.', ...atMost('usageBatch') }),
  })
  .openapi('UsageBatch', { description: 'A batch of uses of models.' });

const Issue = view(
  {
    path: z.string().openapi({ description: 'The field of the record.', example: 'modelKey' }),
    message: z.string().openapi({ description: 'What is wrong, for people.', example: 'is not known' }),
  },
  'UsageIssue',
  { description: 'One fault of a record.' },
);

const Rejected = view(
  {
    index: z.int().openapi({ description: 'Its index in the batch, from 0.', example: 0 }),
    id: z.string().nullable().openapi({ description: 'Its id; null where the given one is invalid.' }),
    issues: made(
      z.array(Issue.schema).openapi({ description: 'What is wrong with it: the first ten faults.' }),
      below('issues', Issue.paths),
      ({ issues }) => issues.map(Issue.show),
    ),
  },
  'RejectedUsage',
  { description: 'A record that was rejected.' },
);

const Recorded = view(
  {
    recorded: z.int().openapi({ description: 'How many records are new.', example: 1 }),
    duplicates: z.int().openapi({
      description:
        'How many have an id that was recorded before, or that occurs earlier in the batch. They change nothing.',
      example: 0,
    }),
    rejected: made(
      z
        .array(Rejected.schema)
        .openapi({ description: 'The records that were rejected; correct them, and send them again.' }),
      below('rejected', Rejected.paths),
      ({ rejected }) => rejected.map(Rejected.show),
    ),
  },
  'UsageRecorded',
  { description: 'What became of a batch.' },
);

const recordUsage = mutation('recordModelUsage', 'RecordModelUsagePayload', Recorded.paths);

/** The route of reports of usage. */
export function defineUsageReports(app: RestApp): void {
  define(app, organizations, 'POST /v1/organizations/{organization_id}/usage', {
    operationId: 'recordUsage',
    summary: 'Report uses of models',
    description:
      "Invalid records are listed in `rejected`, and the others are recorded. Costs are computed at the catalog's present prices, and do not change later. A batch may be sent again safely: a record counts once by its id. What has not the form of a batch is refused as a whole.",
    access: 'recordUsage',
    permission: 'recordUsage',
    body: UsageBatch,
    examples: {
      placeholder: {
        summary: 'A template. Its record is rejected until the placeholder is replaced by a model.',
        value: { records: [{ id: 'req_1', modelKey: '<model>', promptTokens: 812, completionTokens: 164 }] },
      },
      nothing: { summary: 'A batch without records, which records nothing.', value: { records: [] } },
    },
    answer: [200, 'What became of the records.', Recorded.schema],
    handle: async ({ graph, organizationId, body: { records }, context: { env } }) => {
      const { usageBatch } = env.options.limits;
      if (records.length > usageBatch) {
        // The graph says of a list that is much too long where it stands in a document that the caller has not sent.
        await graph.authorize('recordUsage', organizationId);
        throw invalidBody([{ path: 'records', message: `must not have more than ${usageBatch} entries` }]);
      }
      const reports = records.map(({ usedAt, ...record }) => ({
        ...record,
        // A fraction of a second may be longer than the graph takes it.
        usedAt: typeof usedAt === 'string' ? new Date(usedAt).toISOString() : usedAt,
      }));
      return Recorded.show(await recordUsage(graph, { organizationId, records: reports }));
    },
  });
}
