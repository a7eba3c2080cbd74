import { withLoaded } from '../../domain/reading/loader.ts';
import { UserError } from '../../errors/base.ts';
import { type Call, invalid, isObject } from '../call.ts';
import { jsonText, type PointAnswer } from '../point.ts';
import { stampOf } from './decision.ts';
import { decideAsText, type Text, textOf, whole } from './decision-texts.ts';
import { organizationNamed, QuestionReader } from './entities.ts';
import { newEvaluationId } from './evaluation-id.ts';
import { Evaluator } from './evaluator.ts';

type Values = Readonly<Record<string, unknown>>;

/** Questions in one request at most. */
const maxEvaluations = 1_000;

/** Points of a batch, of each of its questions, and of one that has a subject of its own, which may have to be read. */
const batchCost = 3;
const questionCost = 0.2;
const subjectCost = 0.5;

/** By each semantic, the decision that ends the evaluation. */
const endings = { execute_all: undefined, deny_on_first_deny: false, permit_on_first_permit: true } as const;

/**
 * Decides the questions in their order. A key that a question gives replaces the default of the request whole. A question that is not
 * well-formed, or that the caller may not ask, is denied alone, with the error in its context. What is the same for all is in the
 * context of the answer.
 *
 * @throws ValidationError for what is wrong with the request itself
 */
export function answerBatch(call: Call, body: Values): PointAnswer | Promise<PointAnswer> {
  const questions = readList(body.evaluations);
  const ending = endings[semanticOf(body)];
  const reader = new QuestionReader(body);
  const id = newEvaluationId(call);

  const texts: string[] = [];
  const decideFrom = (from: number, evaluator: Evaluator): string[] | Promise<string[]> => {
    for (let index = from; index < questions.length; index += 1) {
      const text = decideOne(evaluator, reader, questions[index] as Values);
      if (text instanceof Promise) {
        return text.then((late) => {
          texts.push(whole(late));
          return late.decision === ending ? texts : decideFrom(index + 1, evaluator);
        });
      }
      texts.push(whole(text));
      if (text.decision === ending) break;
    }
    return texts;
  };
  const decideAll = (evaluator: Evaluator) =>
    withLoaded(call.context.states.load(evaluator.organizationId), ({ revision }) =>
      withLoaded(decideFrom(0, evaluator), (all) => {
        const stamp = stampOf(revision, call.context.catalog.version, id);
        return jsonText(`{"context":{${stamp}},"evaluations":[${all.join(',')}]}`);
      }),
    );
  const cost = batchCost + Math.ceil(questions.length * questionCost + withSubject(questions) * subjectCost);
  return withLoaded(Evaluator.of(call, body), (evaluator) => withLoaded(call.spend(cost), () => decideAll(evaluator)));
}

function decideOne(evaluator: Evaluator, reader: QuestionReader, given: Values): Text | Promise<Text> {
  try {
    const named = organizationNamed(given);
    if (named !== null && named !== evaluator.organizationId)
      throw invalid('context.organization', 'must be the organization of the whole request');
    const question = reader.read(given);
    const deciding = evaluator.decisionsFor(question.subject);
    if (!(deciding instanceof Promise)) return decideAsText(question, deciding);
    return deciding.then((loaded) => decideAsText(question, loaded)).catch(faulty);
  } catch (error) {
    return faulty(error);
  }
}

/** @throws what is no fault of the question */
function faulty(error: unknown): Text {
  if (!(error instanceof UserError) || error.status >= 500) throw error;
  const status = error.code === 'VALIDATION_ERROR' ? 400 : error.status;
  return textOf({ decision: false, context: { error: { status, message: error.message } } });
}

function withSubject(questions: readonly Values[]): number {
  let count = 0;
  for (const { subject } of questions) if (subject !== undefined) count += 1;
  return count;
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
