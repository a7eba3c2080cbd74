import { z } from '@hono/zod-openapi';
import { below, mutation } from '../documents.ts';
import type { Graph } from '../graph.ts';
import { from, made, type Row, type View, view } from '../view.ts';
import { snakeCase } from './envelope.ts';

const count = (description: string) => z.int().openapi({ description, minimum: 0 });

/** A list of objects, each as this view shows it. */
function listOf({ schema, paths, show }: View, path: string, description: string) {
  const [name = ''] = path.split('(');
  return made(z.array(schema).openapi({ description }), below(path, paths), (row) => row[name].map(show));
}

const FieldChange = view(
  {
    field: made(
      z.string().openapi({ description: 'The field, as answers name it.', example: 'disabled_providers' }),
      ['field'],
      ({ field }) => snakeCase(field),
    ),
    added: z
      .array(z.string())
      .openapi({ description: 'Values that it has after the change only.', example: ['google'] }),
    removed: z.array(z.string()).openapi({ description: 'Values that it has before the change only.', example: [] }),
  },
  'ModelSettingsFieldChange',
  { description: 'How a change of settings changes one field.' },
);

const modelKey = z.string().openapi({ description: 'The model, as `provider/key`.', example: 'google/gemini-2.5-pro' });
const keyOf = ({ provider, modelId }: Row) => `${provider}/${modelId}`;
const model = made(modelKey, below('model', ['provider', 'modelId']), ({ model }) => keyOf(model));
const modelOrNone = (name: 'from' | 'to', description: string) =>
  made(
    z.string().nullable().openapi({ description, example: 'openai/gpt-4o' }),
    below(name, ['provider', 'modelId']),
    ({ [name]: model }) => model && keyOf(model),
  );
const reasons = (description: string, example: string[]) => z.array(z.string()).openapi({ description, example });

const ModelImpact = view(
  {
    model,
    before: reasons('Every reason against it before the change, most important first.', []),
    after: reasons('Every reason against it after the change, most important first.', ['PROVIDER_DISABLED']),
    recent_uses: from('recentUses', count('How often it was used in the last 30 days.')),
    recent_users: from('recentUsers', count('How many distinct users used it then, where the reports name them.')),
  },
  'ModelImpact',
  { description: 'A model that may be used before a change and not after it, or the other way round.' },
);

const DefaultImpact = view(
  {
    from: modelOrNone('from', 'The default before, as `provider/key`; null for none.'),
    to: modelOrNone('to', 'The default after, as `provider/key`; null for none.'),
    members: count('How many members this is so for.'),
  },
  'DefaultImpact',
  { description: 'A change of the effective default of some members.' },
);

/** Lists have a page at most; their counts tell of all. */
const page = '(first: $first)';
const Impact = view(
  {
    newly_blocked: listOf(
      ModelImpact,
      `newlyBlocked${page}`,
      'The models that may be used before and not after, those used most first: at most 100.',
    ),
    newly_blocked_count: from('newlyBlockedCount', count('How many models these are in all.')),
    newly_allowed: listOf(
      ModelImpact,
      `newlyAllowed${page}`,
      'The models that may be used after and not before, those used most first: at most 100.',
    ),
    newly_allowed_count: from('newlyAllowedCount', count('How many models these are in all.')),
    model_configs: made(
      z.array(z.string()).openapi({
        description: 'Ids of configurations that can be used before and are refused after: at most 100.',
        example: ['cfg_abc123def456'],
      }),
      [`modelConfigs${page}.id`],
      ({ modelConfigs }) => modelConfigs.map(({ id }: Row) => id),
    ),
    model_config_count: from('modelConfigCount', count('How many configurations these are in all.')),
    hidden_model_config_count: from(
      'hiddenModelConfigCount',
      count('How many further ones of other users there are, which the caller does not see.'),
    ),
    defaults: listOf(DefaultImpact, 'defaults', 'The changes of effective defaults, those of most members first.'),
    members_left_without_model: from(
      'membersLeftWithoutModel',
      count('How many members may use some model before, and none after.'),
    ),
    recent_uses: from('recentUses', count('How often the newly blocked models were used in the last 30 days.')),
    recent_cost: from(
      'recentCost',
      z.number().nullable().openapi({
        description: 'What that cost, in US dollars; null where no price is known.',
        example: 12.5,
      }),
    ),
  },
  'ModelSettingsImpact',
  { description: 'What a change means now, with the present catalog, configurations, members and usage.' },
);

/** What a change of the settings would do. */
export const ModelSettingsPreview = view(
  {
    dry_run: z.literal(true).describe('Always true: nothing was changed.'),
    revision: count('The revision that it was tried at, as `ETag` has it, to be sent in `If-Match` of the change.'),
    changes: listOf(FieldChange, 'changes', 'The fields that would change; none where all is as asked already.'),
    impact: made(Impact.schema, below('impact', Impact.paths), ({ impact }) => Impact.show(impact)),
    document: made(
      z.looseObject({}).openapi({
        description: 'The policy after the change, as a document: its schema is at `/v1/policy.schema.json`.',
        example: { disabledProviders: ['google'] },
      }),
      ['document'],
      ({ document }) => JSON.parse(document),
    ),
  },
  'ModelSettingsPreview',
  { description: 'What a change of the settings would do: the answer to `dry_run=true`.' },
);

const preview = mutation('updateModelSettings', 'PolicyPreview', ModelSettingsPreview.paths, {
  as: 'previewModelSettings',
  variables: '$first: Int',
});

/** Entries of a list at most, unless a page of the service has fewer: so that what it costs does not depend on how long pages are. */
const maxEntries = 100;

/** Tries a change of the settings. @throws HttpError */
export function previewSettings(graph: Graph, input: Row, pageSize: number): Promise<Row> {
  return preview(graph, { ...input, dryRun: true }, { first: Math.min(maxEntries, pageSize) });
}
