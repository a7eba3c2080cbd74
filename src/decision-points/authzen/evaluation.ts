import { withLoaded } from '../../domain/reading/loader.ts';
import type { Call } from '../call.ts';
import { organizationOf } from '../organization.ts';
import { json, type PointAnswer } from '../point.ts';
import { answerBatch } from './batch.ts';
import { organizationNamed, readQuestion } from './entities.ts';
import { evaluate, newEvaluationId } from './evaluate.ts';
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
  const evaluator = new Evaluator(call.context, organizationOf(call, organizationNamed(body)));
  const id = newEvaluationId(call);
  const spent = call.spend(evaluationCost);
  const decide = () => withLoaded(evaluate(evaluator, question, id, { isCounted: true }), (decision) => json(decision));
  return spent ? spent.then(decide) : decide();
}
