import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';
import { CostExceededError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { jsonSize, tooLargeAnswer } from './answer-size.ts';
import { costOf } from './operation-cost.ts';
import { type Recorded, recordOf } from './request-record.ts';

/** Asks, with the value `report`, for the cost of the operation in the answer. */
const costHeader = 'graphql-cost';

/** What a point stands for, in bytes of an answer, is never more: the longest values have prices of their own. */
const maxBytesOfPoint = 25_000;

/**
 * Refuses operations that would cost more points than one may before anything of them runs, and answers that are longer than
 * one may be before they are written; tells what others cost.
 */
export function useCostLimit({ complexity, answerBytes }: Limits): Plugin<Context> {
  return {
    onExecute({ args, context: { request } }) {
      const requestedQueryCost = check(args, complexity);
      const isToReport = request.headers.get(costHeader) === 'report';
      // What costs little need not be measured.
      const mayBeLong = requestedQueryCost * maxBytesOfPoint > answerBytes;
      if (!isToReport && !mayBeLong) return;
      return {
        onExecuteDone({ result, setResult }) {
          if (isAsyncIterable(result)) return;
          const told = mayBeLong ? bounded(request, result, answerBytes) : result;
          const cost = { requestedQueryCost, maximumAvailable: complexity };
          setResult(isToReport ? { ...told, extensions: { ...told.extensions, cost } } : told);
        },
      };
    },
    onSubscribe({ args }) {
      check(args, complexity);
    },
  };
}

function check(args: ExecutionArgs, max: number): number {
  const cost = costOf(args);
  if (cost > max) throw new CostExceededError(cost, max);
  return cost;
}

/** Also where a REST route asks for several pages, of which each is short. */
function bounded(request: Recorded, result: ExecutionResult, maxBytes: number): ExecutionResult {
  const record = recordOf(request);
  record.answerBytes = (record.answerBytes ?? 0) + jsonSize(result.data, maxBytes);
  return record.answerBytes <= maxBytes ? result : tooLargeAnswer(maxBytes);
}
