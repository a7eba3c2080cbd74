import type { ExecutionArgs } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';
import { CostExceededError } from '../errors.ts';
import { costOf } from './operation-cost.ts';

/** Asks, with the value `report`, for the cost of the operation in the answer. */
const costHeader = 'graphql-cost';

/** Refuses operations that would cost more points than this before anything of them runs, and tells what others cost. */
export function useCostLimit(max: number): Plugin<Context> {
  return {
    onExecute({ args, context }) {
      const requestedQueryCost = check(args, max);
      if (context.request.headers.get(costHeader) !== 'report') return;
      return {
        onExecuteDone({ result, setResult }) {
          if (isAsyncIterable(result)) return;
          const cost = { requestedQueryCost, maximumAvailable: max };
          setResult({ ...result, extensions: { ...result.extensions, cost } });
        },
      };
    },
    onSubscribe({ args }) {
      check(args, max);
    },
  };
}

function check(args: ExecutionArgs, max: number): number {
  const cost = costOf(args);
  if (cost > max) throw new CostExceededError(cost, max);
  return cost;
}
