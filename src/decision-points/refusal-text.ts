import type { Model } from '../catalog/model.ts';
import type { OrganizationState } from '../domain/ledger/snapshot.ts';
import { excerpt } from '../errors/base.ts';
import type { ModelAccess } from '../policy/policy.ts';
import type { Reason } from '../policy/reasons.ts';

/** Why a model is refused, for people who use it: the most important reason, and whom to ask where the organization says so. */
export function refusalText(
  { model, reasons }: Pick<ModelAccess, 'model' | 'reasons'>,
  name: string,
  { supportContact }: Pick<OrganizationState, 'supportContact'>,
): string {
  const [reason = 'UNKNOWN_MODEL'] = reasons;
  const why = model ? sentences[reason](model) : `There is no model "${excerpt(name)}"`;
  return supportContact === null ? why : `${why}. Ask ${supportContact}`;
}

const notAllowed = ({ displayName }: Model) => `Your organization does not allow ${displayName}`;

const sentences: Record<Reason, (model: Model) => string> = {
  UNKNOWN_MODEL: notAllowed,
  RETIRED: ({ displayName }) => `${displayName} has been retired by its provider`,
  NOT_A_MEMBER: () => 'You do not belong to this organization',
  PROVIDER_DISABLED: ({ displayName, provider }) =>
    `Your organization does not allow models of the provider ${provider}, such as ${displayName}`,
  MODEL_DISABLED: notAllowed,
  NOT_ALLOWED: notAllowed,
  PENDING_REVIEW: ({ displayName }) => `${displayName} is new, and your organization has not reviewed it yet`,
};
