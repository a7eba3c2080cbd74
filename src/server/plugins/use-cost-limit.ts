import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from '../../context.ts';
import { toJson } from '../../domain/input/json-text.ts';
import { CostExceededError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import { jsonSize, tooLargeAnswer } from '../limits/answer-size.ts';
import type { DocumentPlans } from '../limits/document-plan.ts';
import type { RateLimit } from '../limits/rate-limit.ts';
import { type Recorded, recordOf } from '../request/request-record.ts';

/** Asks, with the value `report`, for the cost of the operation in the answer. */
const costHeader = 'graphql-cost';

/** What a point stands for, in bytes of an answer, is never more: the longest values have prices of their own. */
const maxBytesOfPoint = 25_000;

interface CostLimitOptions {
  limits: Limits;
  plans: DocumentPlans<Context>;
  rateLimit: RateLimit;
}

/**
 * Refuses operations that would cost more points than one may, or more than their caller has left, before anything of them
 * runs, and answers that are longer than one may be before they are written; tells what others cost.
 */
export function useCostLimit(options: CostLimitOptions): Plugin<Context> {
  const { complexity, answerBytes } = options.limits;
  return {
    onExecute({ args, context: { request } }) {
      const requestedQueryCost = costOf(args, options);
      const isToReport = request.headers.get(costHeader) === 'report';
      // What costs little need not be measured.
      const mayBeLong = requestedQueryCost * maxBytesOfPoint > answerBytes;
      const hooks = {
        onExecuteDone({ result, setResult }: { result: unknown; setResult: (result: ExecutionResult) => void }) {
          if (isAsyncIterable(result)) return;
          const executed = result as ExecutionResult;
          const told = mayBeLong ? bounded(request, executed, answerBytes) : executed;
          const cost = { requestedQueryCost, maximumAvailable: complexity };
          setResult(isToReport ? { ...told, extensions: { ...told.extensions, cost } } : told);
        },
      };
      const needed = isToReport || mayBeLong ? hooks : undefined;
      const spent = spend(args, requestedQueryCost, options);
      return spent ? (spent.then(() => needed) as never) : needed;
    },
    onSubscribe({ args }) {
      return spendCost(args, options);
    },
  };
}

/** Spends what an operation costs whoever asks. @throws CostExceededError, RateLimitedError */
export function spendCost(args: ExecutionArgs, options: CostLimitOptions): void | Promise<void> {
  return spend(args, costOf(args, options), options);
}

function spend(args: ExecutionArgs, cost: number, { rateLimit }: CostLimitOptions): void | Promise<void> {
  const { request, viewer } = args.contextValue as Context & { request: Request };
  return rateLimit.spend(request, viewer, cost);
}

/** In points. Where there is nothing to execute, the executor says so. */
function costOf(args: ExecutionArgs, { plans, limits: { complexity } }: CostLimitOptions): number {
  const { document, operationName, variableValues, contextValue } = args;
  const cost =
    plans
      .of(document)
      .operation(operationName)
      ?.cost(variableValues ?? {}, contextValue as Context) ?? 1;
  if (cost > complexity) throw new CostExceededError(cost, complexity);
  return cost;
}

/** A result, and what writes it. */
type Writable = ExecutionResult & { stringify?: typeof toJson };

/** Also where a REST route asks for several pages, of which each is short. Long texts of JSON are copied when it is written. */
function bounded(request: Recorded, result: ExecutionResult, maxBytes: number): Writable {
  const record = recordOf(request);
  record.answerBytes = (record.answerBytes ?? 0) + jsonSize(result.data, maxBytes);
  return record.answerBytes <= maxBytes ? { ...result, stringify: toJson } : tooLargeAnswer(maxBytes);
}
