import { modelName } from '../../policy/model-selector.ts';
import type { ModelAccess } from '../../policy/policy.ts';
import type { Reason } from '../../policy/reasons.ts';

/** A decision against one model that a caller has asked about, or tried to use. */
export interface Refusal {
  organizationId: string;
  /** The user, or the API key of a service. */
  subjectId: string;
  /** `provider/modelId`; of a model that the catalog does not have, what it was called; or `otherNames`. */
  modelKey: string;
  /** The primary reason alone: each refusal counts once, so that counts can be added. */
  reason: Reason;
}

/** The key of all names that are not counted each by itself. No name is empty. */
export const otherNames = '';

/** The refusal that a decision is; undefined where it allows the model. `asked` is the name that the caller used. */
export function refusalOf(
  who: Pick<Refusal, 'organizationId' | 'subjectId'>,
  asked: string,
  { model, reasons: [reason] }: Pick<ModelAccess, 'model' | 'reasons'>,
): Refusal | undefined {
  if (reason === undefined) return undefined;
  return { ...who, modelKey: model ? `${model.provider}/${model.modelId}` : unknownName(asked), reason };
}

/** Copied: a part of a string keeps the whole alive, which may be as large as a request. */
function unknownName(asked: string): string {
  const { data } = modelName.safeParse(asked);
  return data === undefined ? otherNames : Buffer.from(data).toString();
}
