import { UserError } from '../../errors/base.ts';
import { type Call, invalid, isObject } from '../call.ts';
import { organizationOf } from '../organization.ts';
import { json, type PointAnswer } from '../point.ts';
import type { Decision } from './decision.ts';
import { organizationNamed, readQuestion } from './entities.ts';
import { evaluate, newEvaluationId } from './evaluate.ts';
import { Evaluator } from './evaluator.ts';

type Values = Readonly<Record<string, unknown>>;

/** Questions in one request at most. */
const maxEvaluations = 1_000;

/** Points of a batch, and of each of its questions. */
const batchCost = 3;
const questionCost = 0.2;

/** By each semantic, the decision that ends the evaluation. */
const endings = { execute_all: undefined, deny_on_first_deny: false, permit_on_first_permit: true } as const;

/**
 * Decides the questions in their order. A key that a question gives replaces the default of the request whole. A question that is not
 * well-formed, or that the caller may not ask, is denied alone, with the error in its context.
 *
 * @throws ValidationError for what is wrong with the request itself
 */
export function answerBatch(call: Call, body: Values): PointAnswer | Promise<PointAnswer> {
  const { evaluations, ...defaults } = body;
  const questions = readList(evaluations);
  const ending = endings[semanticOf(body)];
  const evaluator = new Evaluator(call.context, organizationOf(call, organizationNamed(body)));
  const id = newEvaluationId(call);

  const decisions: Decision[] = [];
  const decideFrom = (from: number): PointAnswer | Promise<PointAnswer> => {
    for (let index = from; index < questions.length; index += 1) {
      const given = questions[index] as Values;
      const decision = decide(evaluator, { ...defaults, ...given }, `${id}_${index}`);
      const next = (one: Decision) => {
        decisions.push(one);
        return one.decision === ending;
      };
      if (decision instanceof Promise) {
        return decision.then((late) => (next(late) ? json({ evaluations: decisions }) : decideFrom(index + 1)));
      }
      if (next(decision)) break;
    }
    return json({ evaluations: decisions });
  };
  const spent = call.spend(batchCost + Math.ceil(questions.length * questionCost));
  return spent ? spent.then(() => decideFrom(0)) : decideFrom(0);
}

function decide(evaluator: Evaluator, values: Values, id: string): Decision | Promise<Decision> {
  try {
    const named = organizationNamed(values);
    if (named !== null && named !== evaluator.organizationId)
      throw invalid('context.organization', 'must be the organization of the whole request');
    const decision = evaluate(evaluator, readQuestion(values), id, { isCounted: false });
    return decision instanceof Promise ? decision.catch((error: unknown) => faulty(error, id)) : decision;
  } catch (error) {
    return faulty(error, id);
  }
}

/** @throws what is no fault of the question */
function faulty(error: unknown, id: string): Decision {
  if (!(error instanceof UserError) || error.status >= 500) throw error;
  const status = error.code === 'VALIDATION_ERROR' ? 400 : error.status;
  return { decision: false, context: { error: { status, message: error.message }, evaluation_id: id } };
}

function readList(evaluations: unknown): readonly Values[] {
  if (!Array.isArray(evaluations)) throw invalid('evaluations', 'must be a list');
  if (evaluations.length > maxEvaluations)
    throw invalid('evaluations', `must not have more than ${maxEvaluations} entries`);
  const wrong = evaluations.findIndex((one) => !isObject(one));
  if (wrong >= 0) throw invalid(`evaluations.${wrong}`, 'must be an object');
  return evaluations;
}

function semanticOf({ options = {} }: Values): keyof typeof endings {
  if (!isObject(options)) throw invalid('options', 'must be an object');
  const { evaluations_semantic: semantic = 'execute_all' } = options;
  if (typeof semantic === 'string' && Object.hasOwn(endings, semantic)) return semantic as keyof typeof endings;
  throw invalid('options.evaluations_semantic', `must be one of ${Object.keys(endings).join(', ')}`);
}
