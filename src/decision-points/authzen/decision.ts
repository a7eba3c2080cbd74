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

const denials = {
  UNKNOWN_RESOURCE_TYPE: 'Nothing is decided about resources of this type; there are models',
  UNKNOWN_ACTION: 'There is no such action; there are use and configure',
  ACTION_NOT_ALLOWED: 'Services make no configurations',
} as const;
type Denial = keyof typeof denials;

/** Why the question itself can only be denied; undefined where the model decides. */
function denialOf({ action, resource }: Question, deciding: Deciding): Denial | undefined {
  if (resource.type !== 'model') return 'UNKNOWN_RESOURCE_TYPE';
  if (!actions.some((one) => one === action)) return 'UNKNOWN_ACTION';
  return mayAct(action, deciding) ? undefined : 'ACTION_NOT_ALLOWED';
}

/** A decision, and the access to a model that it is about; undefined where the question is about none. */
export interface Decided {
  decision: Decision;
  access: ModelAccess | undefined;
}

/** Answers a question, without the stamp of the answer. */
export function decide(question: Question, deciding: Deciding): Decided {
  const denial = denialOf(question, deciding);
  if (denial !== undefined) {
    const context = { reasons: [denial], reason_user: { 403: denials[denial] }, model: null, valid_until: null };
    return { decision: { decision: false, context }, access: undefined };
  }
  const { decisions, narrower } = deciding;
  const access = decisions.decideName(question.resource.id, narrower);
  return { decision: decisionOf(access, question.resource.id, deciding), access };
}

function decisionOf(access: ModelAccess, name: string, { decisions: { state } }: Deciding): Decision {
  const { allowed, reasons, model, validUntil } = access;
  const context = {
    reasons,
    ...(allowed ? {} : { reason_user: { 403: refusalText(access, name, state) } }),
    model: model ? `${model.provider}/${model.modelId}` : null,
    valid_until: validUntil,
  };
  return { decision: allowed, context };
}

/**
 * By which state the decisions of an answer were made, and its id, as JSON without braces: under an equal state they stay the same until
 * `valid_until`.
 */
export function stampOf(revision: number, catalogVersion: number, id: string): string {
  return `"revision":${revision},"catalog_version":${catalogVersion},"evaluation_id":"${id}"`;
}
