import { type ModelResolution as Resolution, resolveModel } from '../../domain/models/model-resolution.ts';
import type { ModelAccess as ModelAccessShape } from '../../policy/policy.ts';
import { builder } from '../builder.ts';
import { decisionsFor, isForCaller, readsAccess, subjectDescription } from '../models/asked-subject.ts';
import { Model } from '../models/model.ts';
import { ModelAccess } from '../models/model-access.ts';
import { ModelCandidate } from '../models/model-alias.ts';
import { selects } from '../selection.ts';
import { ModelConfig } from './model-config.ts';

const ModelSource = builder.enumType('ModelSource', {
  description: 'What a name is.',
  values: {
    MODEL: { description: 'A name of the catalog, or one that nobody knows.' },
    ALIAS: { description: 'An alias of the organization.' },
  } satisfies Record<Resolution['source'], { description: string }>,
});

/** With whether the subject is the caller, whose own configurations count then. */
interface Shape extends Resolution {
  access: ModelAccessShape;
  isForCaller: boolean;
}

const ModelResolution = builder.objectRef<Shape>('ModelResolution').implement({
  description: 'Which model a name means now, for a subject of an organization, and how to use it.',
  fields: (t) => ({
    model: t.field({
      type: Model,
      nullable: true,
      description: 'The model to use: the first that the name stands for and that may be used; null where none may.',
      resolve: ({ chosen }) => chosen?.access.model ?? null,
    }),
    config: t.field({
      type: ModelConfig,
      nullable: true,
      description:
        'The enabled configuration of the model: for the caller its own, else the shared one; for others the shared one. Of several a default, else the oldest. Null where there is none.',
      resolve: ({ chosen, isForCaller: hasOwn }, _args, { configs }, info) => {
        const model = chosen?.access.model;
        if (!chosen || !model) return null;
        const { organizationId } = chosen.access;
        const { provider, modelId } = model;
        return configs.usable.load({
          organizationId,
          provider,
          modelId,
          hasOwn,
          hasSettings: selects(info, 'settings'),
        });
      },
    }),
    source: t.expose('source', { type: ModelSource, description: 'What the name is.' }),
    skipped: t.field({
      type: [ModelCandidate],
      description: 'The models that the name stands for before that one, in order, which may not be used.',
      resolve: ({ skipped }) => [...skipped],
    }),
    access: t.expose('access', {
      type: ModelAccess,
      description: 'The decision on the model; where none may be used, that on the first that the name stands for.',
    }),
    validUntil: t.expose('validUntil', {
      type: 'DateTime',
      nullable: true,
      description:
        'The next moment at which it could change by time alone; null if there is none. Until then it is the same at an equal `revision` and `catalogVersion`.',
    }),
  }),
});

builder.queryField('resolveModel', (t) =>
  t.field({
    type: ModelResolution,
    description:
      'Which model does this name mean now? For applications that ask for an alias such as `fast`: when the policy changes they get another model, and need not change.',
    args: {
      organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }),
      modelKey: t.arg.string({
        required: true,
        description: 'The name: an alias, or any name of a model. Case does not matter.',
      }),
      subjectId: t.arg.id({ description: subjectDescription }),
    },
    authScopes: (_root, asked, context) => readsAccess(asked, context),
    resolve: async (_root, { modelKey, ...asked }, context) => {
      const decisions = await decisionsFor(asked, context);
      const access = decisions.decideName(modelKey);
      const forCaller = isForCaller(asked, context);
      // What another one is told about refuses nobody.
      if (forCaller) context.countRefusal(asked.organizationId, modelKey, access);
      return { ...resolveModel(decisions, modelKey), access, isForCaller: forCaller };
    },
  }),
);
