import type { Catalog } from '../../catalog/catalog.ts';
import type { Model as ModelShape } from '../../catalog/model.ts';
import { type ModelConfig as ConfigShape, modelOf } from '../../domain/configs/model-config.ts';
import { blendedCost } from '../../domain/models/cost.ts';
import { builder } from '../builder.ts';
import { Model, ReasoningCapability } from '../models/model.ts';

/** Reads a field of a configuration's model; null where the catalog no longer has the model. */
function fromModel<Value>(read: (model: ModelShape) => Value) {
  return (config: ConfigShape, _args: unknown, { catalog }: { catalog: Catalog }): Value | null => {
    const model = modelOf(catalog, config);
    return model ? read(model) : null;
  };
}

// Fields of the model, so that a client need not select it separately.
builder.prismaObjectFields('ModelConfig', (t) => ({
  model: t.field({
    type: Model,
    nullable: true,
    description: 'The model; null where the catalog no longer has it.',
    resolve: fromModel((model) => model),
  }),
  displayName: t.string({
    description: "The model's name for people; its key where the catalog no longer has it.",
    resolve: (config, _args, { catalog }) => modelOf(catalog, config)?.displayName ?? config.modelId,
  }),
  modelCreator: t.string({
    nullable: true,
    description: "The slug of the model's maker.",
    resolve: fromModel((model) => model.creator),
  }),
  modelCreatorDisplayName: t.string({
    nullable: true,
    description: "The name of the model's maker.",
    resolve: fromModel((model) => model.creatorDisplayName),
  }),
  inputCostPer1kTokens: t.field({
    type: 'Decimal',
    nullable: true,
    description: "The provider's list price of 1,000 tokens of input, in US dollars; null where not known.",
    resolve: fromModel((model) => model.inputCostPer1kTokens),
  }),
  outputCostPer1kTokens: t.field({
    type: 'Decimal',
    nullable: true,
    description: "The provider's list price of 1,000 tokens of output, in US dollars; null where not known.",
    resolve: fromModel((model) => model.outputCostPer1kTokens),
  }),
  costPer1kTokens: t.field({
    type: 'Decimal',
    nullable: true,
    description: 'The blended price: (input + output) / 2, in US dollars; null where either is not known.',
    resolve: fromModel((model) => blendedCost(model)),
  }),
  maxOutputTokens: t.int({
    nullable: true,
    description: 'The maximum number of tokens of an answer; null where not known.',
    resolve: fromModel((model) => model.maxOutputTokens),
  }),
  supportsCustomKey: t.boolean({
    nullable: true,
    description: "Whether the model can be called with an organization's own key.",
    resolve: fromModel((model) => model.supportsCustomKey),
  }),
  supportsStreaming: t.boolean({
    nullable: true,
    description: 'Whether the model can stream its answer.',
    resolve: fromModel((model) => model.supportsStreaming),
  }),
  supportsSearch: t.boolean({
    nullable: true,
    description: 'Whether the provider lets the model search the web by itself.',
    resolve: fromModel((model) => model.supportsSearch),
  }),
  supportedResponseFormats: t.stringList({
    nullable: true,
    description: 'The response formats that the model supports.',
    resolve: fromModel((model) => [...model.supportedResponseFormats]),
  }),
  reasoning: t.field({
    type: ReasoningCapability,
    nullable: true,
    description: 'How the model reasons before it answers; null where it does not.',
    resolve: fromModel((model) => model.reasoning),
  }),
}));
