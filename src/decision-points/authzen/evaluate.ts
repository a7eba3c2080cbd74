import { randomUUID } from 'node:crypto';
import { withLoaded } from '../../domain/reading/loader.ts';
import type { Call } from '../call.ts';
import { type Decision, decided, denialOf, denied } from './decision.ts';
import type { Question } from './entities.ts';
import type { Evaluator } from './evaluator.ts';

/** The id of an answer; that of a decision in a batch ends in its place. The log line of the request has it. */
export function newEvaluationId(call: Call): string {
  const id = `evl_${randomUUID().replaceAll('-', '')}`;
  call.onEvaluation(id);
  return id;
}

/** @throws ForbiddenError where the caller may not ask about the subject */
export function evaluate(
  evaluator: Evaluator,
  question: Question,
  id: string,
  { isCounted }: { isCounted: boolean },
): Decision | Promise<Decision> {
  return withLoaded(evaluator.decisionsFor(question.subject), (deciding) => {
    const denial = denialOf(question, deciding);
    if (denial !== undefined) return denied(denial, deciding, id);
    const name = question.resource.id;
    const access = deciding.decisions.decideName(name, deciding.narrower);
    if (isCounted) evaluator.count(deciding, name, access);
    return decided(access, name, deciding, id);
  });
}
