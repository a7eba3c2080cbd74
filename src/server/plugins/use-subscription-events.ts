import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import type { Context } from '../../context.ts';
import type { Limits } from '../../limits.ts';
import { jsonSize, tooLargeAnswer } from '../limits/answer-size.ts';
import { withDeadline } from '../request/deadline.ts';
import { eventId, type Result } from '../request/event-stream.ts';

interface SubscriptionEventsOptions {
  limits: Pick<Limits, 'executionMs' | 'answerBytes'>;
  /** A new context for the same request, at the current time: nothing is loaded yet. */
  renew: (context: Context) => Context;
  /** Consumes the cost of an event, as that of the subscription itself. @throws RateLimitedError */
  spend: (args: ExecutionArgs) => void | Promise<void>;
}

/**
 * Executes each event of a subscription like a request of its own: with a new context, so that nothing is cached from one event to
 * the next, and with the deadline, the cost and the maximal size of a query. The id of an event with data is the number of its
 * revision.
 */
export function useSubscriptionEvents({
  limits: { executionMs, answerBytes },
  renew,
  spend,
}: SubscriptionEventsOptions): Plugin<Context> {
  return {
    onSubscribe({ args: { contextValue }, setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const events = await createSourceEventStream(args);
        if (!isAsyncIterable(events)) return events;

        return mapAsyncIterator(events, async (rootValue) => {
          await spend(args);
          const fresh = renew(contextValue);
          const deadline = { limitMs: executionMs, client: contextValue.request.signal, signal: fresh.signal };
          const result = await withDeadline(deadline, () => execute({ ...args, rootValue, contextValue: fresh }));
          return withId(
            jsonSize(result.data, answerBytes) <= answerBytes ? result : tooLargeAnswer(answerBytes),
            rootValue,
          );
        });
      });
    },
  };
}

function withId(result: ExecutionResult, event: unknown): Result {
  const hasId = typeof event === 'object' && event !== null && 'number' in event && result.data;
  return hasId ? { ...result, [eventId]: String(event.number) } : result;
}
