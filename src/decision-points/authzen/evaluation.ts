import { withLoaded } from '../../domain/reading/loader.ts';
import type { Call } from '../call.ts';
import { jsonText, type PointAnswer } from '../point.ts';
import { answerBatch } from './batch.ts';
import { stampOf } from './decision.ts';
import { decideAsText, whole } from './decision-texts.ts';
import { readQuestion } from './entities.ts';
import { newEvaluationId } from './evaluation-id.ts';
import { Evaluator } from './evaluator.ts';

/** Points of one evaluation, as of the smallest query about a model. */
const evaluationCost = 3;

/** `POST /access/v1/evaluation` */
export function answerEvaluation(call: Call): PointAnswer | Promise<PointAnswer> {
  return answerOne(call, call.body());
}

/** `POST /access/v1/evaluations`: without questions of its own it is one evaluation. */
export function answerEvaluations(call: Call): PointAnswer | Promise<PointAnswer> {
  const body = call.body();
  const { evaluations } = body;
  const hasNone = evaluations === undefined || (Array.isArray(evaluations) && evaluations.length === 0);
  return hasNone ? answerOne(call, body) : answerBatch(call, body);
}

function answerOne(call: Call, body: Readonly<Record<string, unknown>>): PointAnswer | Promise<PointAnswer> {
  const question = readQuestion(body);
  const id = newEvaluationId(call);
  const evaluate = (evaluator: Evaluator) =>
    withLoaded(evaluator.decisionsFor(question.subject), (deciding) => {
      const text = decideAsText(question, deciding);
      if (text.access) evaluator.count(deciding, question.resource.id, text.access);
      const { state, catalog } = deciding.decisions;
      return jsonText(whole(text, stampOf(state.revision, catalog.version, id)));
    });
  return withLoaded(Evaluator.of(call, body), (evaluator) =>
    withLoaded(call.spend(evaluationCost), () => evaluate(evaluator)),
  );
}
