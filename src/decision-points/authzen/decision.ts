import type { ModelAccess } from '../../policy/policy.ts';
import { kindOfSubject } from '../../policy/subject.ts';
import { refusalText } from '../refusal-text.ts';
import type { Question } from './entities.ts';
import type { Deciding } from './evaluator.ts';

/** An answer to a question, as AuthZEN has it. */
export interface Decision {
  decision: boolean;
  context: object;
}

/** The actions that can be asked about: to call a model, and to make configurations with it. */
export const actions = ['use', 'configure'] as const;

/** Whether the subject may do such things at all: services make no configurations. */
export function mayAct(action: string, { subject }: Pick<Deciding, 'subject'>): boolean {
  if (action === 'configure') return subject.id === null || kindOfSubject(subject.id) !== 'API_KEY';
  return action === 'use';
}

/** Why the question itself can only be denied; undefined where the model decides. */
export function denialOf({ action, resource }: Question, deciding: Deciding): string | undefined {
  if (resource.type !== 'model') return 'UNKNOWN_RESOURCE_TYPE';
  if (!actions.some((one) => one === action)) return 'UNKNOWN_ACTION';
  return mayAct(action, deciding) ? undefined : 'ACTION_NOT_ALLOWED';
}

const denials: Readonly<Record<string, string>> = {
  UNKNOWN_RESOURCE_TYPE: 'Nothing is decided about resources of this type; there are models',
  UNKNOWN_ACTION: 'There is no such action; there are use and configure',
  ACTION_NOT_ALLOWED: 'Services make no configurations',
};

/** A denial that no model is the reason of. */
export function denied(reason: string, { decisions: { state, catalog } }: Deciding, id: string): Decision {
  const context = {
    reasons: [reason],
    reason_user: { 403: denials[reason] },
    model: null,
    revision: state.revision,
    catalog_version: catalog.version,
    valid_until: null,
    evaluation_id: id,
  };
  return { decision: false, context };
}

/** The decision about a model, by its stamp. */
export function decided(access: ModelAccess, name: string, { decisions: { state } }: Deciding, id: string): Decision {
  const { allowed, reasons, model, revision, catalogVersion, validUntil } = access;
  const context = {
    reasons,
    ...(allowed ? {} : { reason_user: { 403: refusalText(access, name, state) } }),
    model: model ? `${model.provider}/${model.modelId}` : null,
    revision,
    catalog_version: catalogVersion,
    valid_until: validUntil,
    evaluation_id: id,
  };
  return { decision: allowed, context };
}
