import { isPreview, type PolicyOutcome, type PolicyPreview as Shape } from '../../domain/policy/policy-change.ts';
import { writePolicyDocument } from '../../domain/policy/policy-document.ts';
import {
  ForbiddenError,
  RevisionConflictError,
  UnauthenticatedError,
  type UserError,
  ValidationError,
} from '../../errors/base.ts';
import { findDeadSelectors, warnOfSelectors } from '../../policy/model-selector.ts';
import { allSelectorsOf } from '../../policy/policy-value.ts';
import { builder } from '../builder.ts';
import { RevisionChange } from '../ledger/revision.ts';
import { OrganizationModelSettings, SelectorWarning } from '../settings/model-settings.ts';
import { findImpact, PolicyImpact } from './impact.ts';

const PolicyPreview = builder.objectRef<Shape>('PolicyPreview').implement({
  description:
    'What a change of the policy would do: the answer to `dryRun`. Nothing was written. It has no id, so that no cache of a client takes it for what is.',
  fields: (t) => ({
    revision: t.exposeInt('revision', {
      description:
        'The revision of the organization that it was tried at: give it as `expectedRevision` of the change.',
    }),
    changes: t.field({
      type: [RevisionChange],
      description: 'The fields that would change; none where there would be no new revision.',
      resolve: ({ changes }) => changes,
    }),
    impact: t.field({
      type: PolicyImpact,
      description: 'What that would mean.',
      resolve: ({ organizationId, before, after }, _args, context) =>
        findImpact(organizationId, { before, after }, context),
    }),
    selectorWarnings: t.field({
      type: [SelectorWarning],
      description:
        'The entries of `disabledModels` and `allowedModels` after the change, of the settings and of all scopes, that match no model of the catalog, each with similar keys.',
      resolve: ({ after }, _args, { catalog, limits }) => {
        // As many as the settings can have, which is what the price is for.
        const dead = findDeadSelectors(catalog, allSelectorsOf(after)).slice(0, 2 * limits.inputList);
        return [...warnOfSelectors(catalog, dead)];
      },
    }),
    document: t.string({
      description: 'The policy after the change, as a document of JSON.',
      resolve: ({ after }) => writePolicyDocument(after, 'JSON'),
    }),
  }),
});

type ErrorClass = new (...args: never[]) => UserError;

/** The result of a mutation of the policy: the settings after the change, the preview of a dry run, or an error. */
export function policyResult(name: string, errors: readonly ErrorClass[]) {
  return builder.errorUnion(name, {
    description: 'The settings after the change, or the preview of a dry run, or why there is neither.',
    types: [
      OrganizationModelSettings,
      PolicyPreview,
      ...errors,
      RevisionConflictError,
      ValidationError,
      ForbiddenError,
      UnauthenticatedError,
    ],
    resolveType: (outcome) => (isPreview(outcome) ? 'PolicyPreview' : 'OrganizationModelSettings'),
  });
}

/** The outcome of a change, for the caller to be told. */
export function resultOf(outcome: PolicyOutcome) {
  return isPreview(outcome) ? outcome : { ...outcome, isResult: true as const };
}
