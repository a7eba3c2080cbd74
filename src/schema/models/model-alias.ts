import type { ModelCandidate as ModelCandidateShape } from '../../domain/models/model-resolution.ts';
import type { Decisions } from '../../policy/decisions.ts';
import type { Policy } from '../../policy/policy-value.ts';
import { builder } from '../builder.ts';
import { Model } from './model.ts';
import { ModelAccess } from './model-access.ts';

export const ModelCandidate = builder.objectRef<ModelCandidateShape>('ModelCandidate').implement({
  description: 'One of the models that a name stands for, and whether it may be used.',
  fields: (t) => ({
    modelKey: t.exposeString('modelKey', { description: 'The key, as it was written.' }),
    access: t.expose('access', {
      type: ModelAccess,
      description: 'The decision on it. `UNKNOWN_MODEL` where the catalog does not have it any more.',
    }),
  }),
});

/** An alias, and the decisions by which it is resolved. */
export interface ModelAliasShape {
  name: string;
  targets: readonly string[];
  decisions: Decisions;
}

export const ModelAlias = builder.objectRef<ModelAliasShape>('ModelAlias').implement({
  description:
    "A name of the organization's own for models: it stands for the first of them that the caller may use. Wherever a model is named by its key it may stand in its place, but not in lists of the policy.",
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name, in lower case.' }),
    targets: t.stringList({
      description: 'The keys of its models, in order of preference.',
      resolve: ({ targets }) => [...targets],
    }),
    models: t.field({
      type: [ModelCandidate],
      description: 'The same models, each with whether the caller may use it.',
      resolve: ({ targets, decisions }) =>
        targets.map((modelKey) => ({ modelKey, access: decisions.decide(decisions.catalog.find(modelKey)) })),
    }),
    model: t.field({
      type: Model,
      nullable: true,
      description: 'The model that it stands for now, for the caller; null where none of them may be used.',
      resolve: ({ targets, decisions }) =>
        targets.map((modelKey) => decisions.evaluate(decisions.catalog.find(modelKey))).find(({ allowed }) => allowed)
          ?.model ?? null,
    }),
    shadows: t.field({
      type: Model,
      nullable: true,
      description:
        'The model of the catalog that has the same name since: in this organization the name goes on to mean the alias. Else null.',
      resolve: ({ name }, _args, { catalog }) => catalog.find(name) ?? null,
    }),
  }),
});

/** The aliases of a policy, sorted by name, as the decisions resolve them. */
export function aliasesIn({ aliases }: Pick<Policy, 'aliases'>, decisions: Decisions): ModelAliasShape[] {
  return Object.entries(aliases).map(([name, targets]) => ({ name, targets, decisions }));
}

builder.prismaObjectField('Organization', 'modelAliases', (t) =>
  t.field({
    type: [ModelAlias],
    description: 'Its own names for models, sorted by name.',
    resolve: async ({ id }, _args, context) => {
      const decisions = await context.decisions(id);
      return aliasesIn(decisions.state, decisions);
    },
  }),
);
