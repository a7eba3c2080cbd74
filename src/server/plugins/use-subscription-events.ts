import { createSourceEventStream, type ExecutionResult, execute } from 'graphql';
import { isAsyncIterable, mapAsyncIterator } from 'graphql-yoga';
import type { Limits } from '../../limits.ts';
import type { ServerPlugin } from '../execute.ts';
import { jsonSize, tooLargeAnswer } from '../limits/answer-size.ts';
import type { RateLimit } from '../limits/rate-limit.ts';
import { withDeadline } from '../request/deadline.ts';
import { eventId, type Result } from '../request/event-stream.ts';
import { recordOf } from '../request/request-record.ts';
import { costOf } from './use-cost-limit.ts';

interface SubscriptionEventsOptions {
  limits: Pick<Limits, 'executionMs' | 'answerBytes'>;
  rateLimit: RateLimit;
  clock: () => Date;
}

/**
 * Executes each event of a subscription like a request of its own: with a new context, so that nothing is cached from one event to
 * the next, and with the deadline, the cost and the maximal size of a query. The id of an event with data is the number of its
 * revision.
 */
export function useSubscriptionEvents({
  limits: { executionMs, answerBytes },
  rateLimit,
  clock,
}: SubscriptionEventsOptions): ServerPlugin {
  return {
    onOperation(operation) {
      if (operation.plan?.kind !== 'subscription') return;
      const { connection, request, viewer, at } = operation.context;

      operation.execute = async (args) => {
        const events = await createSourceEventStream(args);
        if (!isAsyncIterable(events)) return events;

        return mapAsyncIterator(events, async (rootValue) => {
          await rateLimit.spend(request, viewer, costOf(operation));
          const fresh = at(clock());
          const deadline = { limitMs: executionMs, client: connection.signal, signal: fresh.signal };
          const span = recordOf(request).span?.child('subscription event');
          span?.own(fresh.signal);
          const result = await withDeadline(deadline, () =>
            execute({ ...args, rootValue, contextValue: fresh }),
          ).finally(() => span?.end());
          return withId(
            jsonSize(result.data, answerBytes) <= answerBytes ? result : tooLargeAnswer(answerBytes),
            rootValue,
          );
        });
      };
    },
  };
}

function withId(result: ExecutionResult, event: unknown): Result {
  const hasId = typeof event === 'object' && event !== null && 'number' in event && result.data;
  return hasId ? { ...result, [eventId]: String(event.number) } : result;
}
