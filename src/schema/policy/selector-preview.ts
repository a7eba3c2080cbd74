import { parseSelector } from '../../domain/policy/policy-input.ts';
import { warnOfSelectors } from '../../policy/model-selector.ts';
import { previewOf, type SelectorPreview as Shape } from '../../policy/selector-preview.ts';
import { builder } from '../builder.ts';
import { Model } from '../models/model.ts';
import { ModelConnection, pageOf } from '../models/model-list.ts';
import { SelectorWarning } from '../settings/model-settings.ts';

const SelectorPreview = builder.objectRef<Shape>('SelectorPreview').implement({
  description: 'What a selector would mean as an entry of a list of models. Nothing is changed.',
  fields: (t) => ({
    entries: t.stringList({
      description: 'The selector as it would be stored: several where it is a display name of several models.',
      resolve: ({ entries }) => [...entries],
    }),
    matches: t.connection(
      {
        type: Model,
        description: 'The models that it would disable, in the order of the catalog.',
        resolve: ({ matches }, args, context) => pageOf(matches, args, context),
      },
      ModelConnection,
    ),
    allows: t.connection(
      {
        type: Model,
        description:
          'The models that it would allow, which are fewer: a snapshot does not allow the floating name that points to it.',
        resolve: ({ allows }, args, context) => pageOf(allows, args, context),
      },
      ModelConnection,
    ),
    coveredBy: t.stringList({
      description:
        'The entries of `disabledProviders` and `disabledModels` each of which already disables all that it `matches`; none where that is nothing.',
      resolve: ({ coveredBy }) => [...coveredBy],
    }),
    allowCoveredBy: t.stringList({
      description:
        'The entries of `allowedModels` each of which already allows all that it `allows`; none where that is nothing.',
      resolve: ({ allowCoveredBy }) => [...allowCoveredBy],
    }),
    warnings: t.field({
      type: [SelectorWarning],
      description: 'That it matches nothing, with similar keys of the catalog.',
      resolve: ({ entries }, _args, { catalog }) => [...warnOfSelectors(catalog, entries)],
    }),
  }),
});

builder.queryField('previewSelector', (t) =>
  t.field({
    type: SelectorPreview,
    description:
      'Which models a selector matches, and which entries of the lists of an organization already cover them. For owners and admins.',
    args: {
      organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }),
      selector: t.arg.string({
        required: true,
        description:
          'As an entry of `disabledModels` or `allowedModels`: the name of a model, or the beginning of names with a `*` behind at least two characters.',
      }),
    },
    authScopes: (_root, { organizationId }) => ({ readPolicy: organizationId }),
    resolve: async (_root, { organizationId, selector }, { states, catalog }) =>
      previewOf(catalog, parseSelector(selector), await states.load(organizationId)),
  }),
);
