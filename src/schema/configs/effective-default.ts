import {
  type DefaultLink,
  effectiveDefaultOf,
  type EffectiveDefault as Shape,
  type DefaultSource as Source,
} from '../../domain/configs/effective-default.ts';
import { builder } from '../builder.ts';
import { Model } from '../models/model.ts';
import { ModelAccess } from '../models/model-access.ts';
import { selects } from '../selection.ts';
import { ModelConfig } from './model-config.ts';

const DefaultSource = builder.enumType('DefaultSource', {
  description: 'Where a default comes from. The first that may be used counts.',
  values: {
    USER_CONFIG: { description: "The caller's own default configuration." },
    ORGANIZATION_CONFIG: { description: "The organization's default configuration." },
    ORGANIZATION_SETTINGS: { description: "`defaultModelKey` of the organization's settings." },
  } satisfies Record<Source, { description: string }>,
});

const SkippedDefault = builder.objectRef<DefaultLink>('SkippedDefault').implement({
  description: 'A default that is set, but cannot be used now. It counts again as soon as it can be used.',
  fields: (t) => ({
    source: t.expose('source', { type: DefaultSource, description: 'Where it is set.' }),
    modelKey: t.exposeString('modelKey', { description: 'The model that it names.' }),
    config: t.expose('config', { type: ModelConfig, nullable: true, description: 'The configuration, if it is one.' }),
    access: t.expose('access', {
      type: ModelAccess,
      description:
        'Why it may not be used. Where it is allowed, the configuration is switched off, or the model is not of kind CHAT.',
    }),
  }),
});

const EffectiveDefaultModel = builder.objectRef<Shape>('EffectiveDefaultModel').implement({
  description: 'The model to use where the caller names none.',
  fields: (t) => ({
    model: t.field({
      type: Model,
      nullable: true,
      description: 'The model; null where no default may be used.',
      resolve: ({ model }) => model,
    }),
    config: t.field({
      type: ModelConfig,
      nullable: true,
      description:
        'The configuration that names the model; null where the settings of the organization name it, or there is no default.',
      resolve: ({ chosen }) => chosen?.config ?? null,
    }),
    access: t.field({
      type: ModelAccess,
      nullable: true,
      description: 'The decision on the model; null where there is none.',
      resolve: ({ chosen }) => chosen?.access ?? null,
    }),
    source: t.field({
      type: DefaultSource,
      nullable: true,
      description: 'Where it comes from; null where there is none.',
      resolve: ({ chosen }) => chosen?.source ?? null,
    }),
    skipped: t.field({
      type: [SkippedDefault],
      description: 'The defaults of higher precedence that cannot be used now, in order.',
      resolve: ({ skipped }) => [...skipped],
    }),
  }),
});

builder.prismaObjectField('Organization', 'effectiveDefaultModel', (t) =>
  t.field({
    type: EffectiveDefaultModel,
    description: "The model that the caller gets where it names none: by its own default, else the organization's.",
    resolve: async ({ id }, _args, context, info) => {
      const hasSettings = selects(info, 'config', 'settings') || selects(info, 'skipped', 'config', 'settings');
      const decisions = await context.decisions(id);
      const found = effectiveDefaultOf(decisions, await context.configs.defaults.load({ id, hasSettings }));
      const { onDecision } = context;
      if (onDecision) for (const { access } of [...found.skipped, found.chosen ?? []].flat()) onDecision(access);
      return found;
    },
  }),
);
