import type { ModelAccess as ModelAccessShape } from '../../policy/policy.ts';
import { type Reason, reasons } from '../../policy/reasons.ts';
import { builder } from '../builder.ts';

const descriptions: Record<Reason, string> = {
  UNKNOWN_MODEL: 'The catalog has no such model.',
  RETIRED: "The provider's retirement date has passed.",
  NOT_A_MEMBER: 'Whoever is asked about does not belong to the organization.',
  PROVIDER_DISABLED: 'The provider is disabled, for the whole organization or for some that the subject belongs to.',
  MODEL_DISABLED:
    'The model is disabled, for the whole organization or for some that the subject belongs to: by one of its names, by the floating name of a snapshot, or by the snapshot that a floating name points to.',
  NOT_ALLOWED: 'An allow list is in use, and does not have the model: the nearest one, or that of the organization.',
  PENDING_REVIEW: 'It is new in the catalog, and the organization reviews new models.',
};

export const ModelAccessReason = builder.enumType('ModelAccessReason', {
  description: 'Why a model may not be used.',
  values: Object.fromEntries(reasons.map((reason) => [reason, { description: descriptions[reason] }])) as Record<
    Reason,
    { description: string }
  >,
});

export const ModelAccess = builder.objectRef<ModelAccessShape>('ModelAccess').implement({
  description:
    'Whether a subject of an organization, as a rule the caller, may use a model, as decided at one of its revisions.',
  fields: (t) => ({
    allowed: t.exposeBoolean('allowed', {
      description: 'Whether the model may be used: there is no reason against it.',
    }),
    reasons: t.field({
      type: [ModelAccessReason],
      description: 'Every reason against it, most important first.',
      resolve: (access) => [...access.reasons],
    }),
    primaryReason: t.field({
      type: ModelAccessReason,
      nullable: true,
      description: 'The most important reason against it.',
      resolve: (access) => access.reasons[0] ?? null,
    }),
    revision: t.exposeInt('revision', { description: "The organization's revision at which this was decided." }),
    catalogVersion: t.exposeInt('catalogVersion', {
      description: 'The version of the catalog by which this was decided. It grows whenever the catalog changes.',
    }),
    validUntil: t.expose('validUntil', {
      type: 'DateTime',
      nullable: true,
      description:
        'The next moment at which the decision could change by time alone, such as a retirement; null if there is none. Until then it is the same at an equal `revision` and `catalogVersion`, unless a token says another role or other teams of the subject.',
    }),
  }),
});
