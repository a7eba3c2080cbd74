import { authenticate } from '../../auth/permissions.ts';
import type { ModelKind as Kind } from '../../catalog/entry.ts';
import { type Lifecycle, lifecycleOf } from '../../catalog/lifecycle.ts';
import type { Model as ModelShape } from '../../catalog/model.ts';
import { providers } from '../../catalog/providers.ts';
import { blendedCost } from '../../domain/models/cost.ts';
import { withLoaded } from '../../domain/reading/loader.ts';
import { builder } from '../builder.ts';
import { findKeyStatus, KeyStatus } from '../keys/key-status.ts';
import { decisionsFor, readsAccess, subjectDescription } from './asked-subject.ts';
import { ModelAccess } from './model-access.ts';

export const ModelLifecycle = builder.enumType('ModelLifecycle', {
  description: 'The stage of a model, from preview to retirement.',
  values: {
    PREVIEW: { description: 'Available as a preview.' },
    ACTIVE: { description: 'Generally available.' },
    DEPRECATED: { description: 'Still available; its provider advises to replace it.' },
    RETIRED: { description: 'Its retirement date has passed; it may not be used.' },
  } satisfies Record<Lifecycle, { description: string }>,
});

export const ModelKind = builder.enumType('ModelKind', {
  description: 'What a model is made for.',
  values: {
    CHAT: { description: 'It answers messages. Only such a model can be a default.' },
    EMBEDDING: { description: 'It turns text into vectors.' },
  } satisfies Record<Kind, { description: string }>,
});

const GoogleThinkingMode = builder.enumType('GoogleThinkingMode', {
  description: 'How a caller sets how much a model of Google reasons.',
  values: {
    BUDGET: { description: 'By a number of tokens.' },
    LEVEL: { description: 'By a level, such as low or high.' },
  },
});

export const ReasoningCapability = builder
  .objectRef<NonNullable<ModelShape['reasoning']>>('ReasoningCapability')
  .implement({
    description: 'How a model reasons before it answers.',
    fields: (t) => ({
      supportsSummary: t.exposeBoolean('supportsSummary', {
        nullable: true,
        description: 'Whether it can return a summary of its reasoning; null where that is not known.',
      }),
      googleThinkingMode: t.expose('googleThinkingMode', {
        type: GoogleThinkingMode,
        nullable: true,
        description: 'How the extent of its reasoning is set; null for models of other makers.',
      }),
    }),
  });

export const Model = builder.objectRef<ModelShape>('Model').implement({
  interfaces: [builder.nodeInterfaceRef()],
  description: 'A model of the catalog, as one provider offers it. Visible to everyone who is signed in.',
  visible: (_model, { viewer }) => authenticate(viewer),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: `mdl_<provider>/<modelId>`.' }),
    provider: t.exposeString('provider', { description: "The provider's slug, such as `openai`." }),
    providerDisplayName: t.string({
      description: "The provider's name for people.",
      resolve: ({ provider }) => providers[provider].displayName,
    }),
    modelId: t.exposeString('modelId', { description: 'What the provider calls it.' }),
    aliases: t.stringList({
      description: 'Other names of the same model. A floating name and its dated snapshots are models of their own.',
      resolve: ({ aliases }) => [...aliases],
    }),
    pointsTo: t.exposeString('pointsTo', {
      nullable: true,
      description: 'The snapshot that this floating name points to, by `modelId`; null where it is no floating name.',
    }),
    snapshotOf: t.stringList({
      description: 'The floating names, by `modelId`, that point to this snapshot or did; empty where it is none.',
      resolve: ({ snapshotOf }) => [...snapshotOf],
    }),
    displayName: t.exposeString('displayName', { description: 'The name for people.' }),
    creator: t.exposeString('creator', { description: "The slug of the model's maker." }),
    creatorDisplayName: t.exposeString('creatorDisplayName', { description: "The name of the model's maker." }),
    family: t.exposeString('family', {
      nullable: true,
      description: 'The family it belongs to, such as `claude-sonnet`.',
    }),
    kind: t.expose('kind', { type: ModelKind, description: 'What it is made for.' }),
    contextWindow: t.exposeInt('contextWindow', {
      nullable: true,
      description: 'The maximum number of tokens of input and output together; null where not known.',
    }),
    maxOutputTokens: t.exposeInt('maxOutputTokens', {
      nullable: true,
      description: 'The maximum number of tokens of an answer; null where not known.',
    }),
    inputCostPer1kTokens: t.expose('inputCostPer1kTokens', {
      type: 'Decimal',
      nullable: true,
      description: "The provider's list price of 1,000 tokens of input, in US dollars; null where not known.",
    }),
    outputCostPer1kTokens: t.expose('outputCostPer1kTokens', {
      type: 'Decimal',
      nullable: true,
      description: "The provider's list price of 1,000 tokens of output, in US dollars; null where not known.",
    }),
    costPer1kTokens: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The blended price: (input + output) / 2, in US dollars; null where either is not known.',
      resolve: (model) => blendedCost(model),
    }),
    supportsStreaming: t.exposeBoolean('supportsStreaming', { description: 'Whether it can stream its answer.' }),
    supportsSearch: t.exposeBoolean('supportsSearch', {
      description: 'Whether the provider lets it search the web by itself.',
    }),
    supportsCustomKey: t.exposeBoolean('supportsCustomKey', {
      description: "Whether it can be called with an organization's own provider key.",
    }),
    supportedResponseFormats: t.stringList({
      description: 'The response formats that it supports: `text`, `JSON`.',
      resolve: ({ supportedResponseFormats }) => [...supportedResponseFormats],
    }),
    reasoning: t.field({
      type: ReasoningCapability,
      nullable: true,
      description: 'How it reasons before it answers; null where it does not.',
      resolve: ({ reasoning }) => reasoning,
    }),
    lifecycle: t.field({
      type: ModelLifecycle,
      description: 'Its stage, from preview to retirement.',
      resolve: (model, _args, { now }) => lifecycleOf(model, now),
    }),
    addedAt: t.field({
      type: 'DateTime',
      description:
        'When it came into this catalog: the day of the data that first had it. An organization whose new models wait for a review goes by it.',
      resolve: ({ added }) => added,
    }),
    retiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it stops answering, or stopped; null where no date is known.',
      resolve: ({ retirement }) => retirement,
    }),
    access: t.field({
      type: ModelAccess,
      description: 'Whether a subject of an organization may use it.',
      args: {
        organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }),
        subjectId: t.arg.id({ description: subjectDescription }),
      },
      authScopes: (_model, asked, context) => readsAccess(asked, context),
      resolve: (model, asked, context) =>
        withLoaded(decisionsFor(asked, context), (decisions) => decisions.decide(model)),
    }),
    keyStatus: t.field({
      type: KeyStatus,
      description: 'Whose key an organization calls it with.',
      args: { organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }) },
      authScopes: (_model, { organizationId }, context) => readsAccess({ organizationId }, context),
      resolve: ({ provider }, { organizationId }, context) => findKeyStatus(context, organizationId, provider),
    }),
  }),
});

builder.objectField(ModelAccess, 'model', (t) =>
  t.field({
    type: Model,
    nullable: true,
    description: 'The model of the given key; null where the catalog has none.',
    resolve: ({ model }) => model ?? null,
  }),
);
