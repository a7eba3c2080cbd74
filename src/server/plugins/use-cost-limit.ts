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

/** With the value `report` the answer has the cost of the operation. */
const costHeader = 'graphql-cost';

/** Bytes of an answer for one point, at most: the longest values have prices of their own. */
const maxBytesOfPoint = 25_000;

interface CostLimitOptions {
  limits: Limits;
  plans: DocumentPlans<Context>;
  rateLimit: RateLimit;
}

/**
 * Refuses operations that cost more than the limit, or more than the caller's remaining points, before anything runs. Replaces
 * answers that are too long by an error, before they are serialized. Reports the cost where the request asks for it.
 */
export function useCostLimit(options: CostLimitOptions): Plugin<Context> {
  const { complexity, answerBytes } = options.limits;
  return {
    onExecute({ args, context: { request } }) {
      const requestedQueryCost = costOf(args, options);
      const isToReport = request.headers.get(costHeader) === 'report';
      // The answer of a cheap operation cannot be too long: it is not measured.
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

/** Consumes the cost of an operation from the caller's rate limit. @throws CostExceededError, RateLimitedError */
export function spendCost(args: ExecutionArgs, options: CostLimitOptions): void | Promise<void> {
  return spend(args, costOf(args, options), options);
}

function spend(args: ExecutionArgs, cost: number, { rateLimit }: CostLimitOptions): void | Promise<void> {
  const { request, viewer } = args.contextValue as Context & { request: Request };
  return rateLimit.spend(request, viewer, cost);
}

/** In points; 1 where there is no operation, which the executor reports. */
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

/** A result, and its serializer. */
type Writable = ExecutionResult & { stringify?: typeof toJson };

/**
 * Limits the sum of the results of a request: a REST route may execute several operations. `toJson` copies texts of JSON when the
 * result is serialized.
 */
function bounded(request: Recorded, result: ExecutionResult, maxBytes: number): Writable {
  const record = recordOf(request);
  record.answerBytes = (record.answerBytes ?? 0) + jsonSize(result.data, maxBytes);
  return record.answerBytes <= maxBytes ? { ...result, stringify: toJson } : tooLargeAnswer(maxBytes);
}
