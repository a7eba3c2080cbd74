import type { ExecutionResult } from 'graphql';
import { toJson } from '../../domain/input/json-text.ts';
import { CostExceededError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import type { Operation, ServerPlugin } from '../execute.ts';
import { jsonSize, tooLargeAnswer } from '../limits/answer-size.ts';
import type { RateLimit } from '../limits/rate-limit.ts';
import { type Recorded, recordOf } from '../request/request-record.ts';

/** With the value `report` the answer has the cost of the operation. */
const costHeader = 'graphql-cost';

/** Bytes of an answer for one point, at most: the longest values have prices of their own. */
const maxBytesOfPoint = 25_000;

interface CostLimitOptions {
  limits: Limits;
  rateLimit: RateLimit;
}

/**
 * Refuses operations that cost more than the limit, or more than the caller's remaining points, before anything runs. Replaces
 * answers that are too long by an error, before they are serialized. Reports the cost where the request asks for it.
 */
export function useCostLimit({ limits: { complexity, answerBytes }, rateLimit }: CostLimitOptions): ServerPlugin {
  return {
    onOperation(operation) {
      const { request } = operation.context;
      const requestedQueryCost = costOf(operation);
      if (requestedQueryCost > complexity) throw new CostExceededError(requestedQueryCost, complexity);
      const isToReport = request.headers.get(costHeader) === 'report';
      // The answer of a cheap operation cannot be too long: it is not measured.
      const mayBeLong = requestedQueryCost * maxBytesOfPoint > answerBytes;
      const finish = (result: ExecutionResult): ExecutionResult => {
        const told = mayBeLong ? bounded(request, result, answerBytes) : result;
        const cost = { requestedQueryCost, maximumAvailable: complexity };
        return isToReport ? { ...told, extensions: { ...told.extensions, cost } } : told;
      };
      const needed = isToReport || mayBeLong ? finish : undefined;
      const spent = rateLimit.spend(request, operation.context.viewer, requestedQueryCost);
      return spent ? spent.then(() => needed) : needed;
    },
  };
}

/** In points; 1 where there is no operation, which the executor reports. */
export function costOf({ plan, args, context }: Operation): number {
  return plan?.cost(args.variableValues ?? {}, context) ?? 1;
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
