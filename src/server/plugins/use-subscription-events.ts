import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import type { Context } from '../../context.ts';
import type { Limits } from '../../limits.ts';
import { jsonSize, tooLargeAnswer } from '../limits/answer-size.ts';
import { withDeadline } from '../request/deadline.ts';
import { eventId, type Result } from '../request/event-stream.ts';

interface SubscriptionEventsOptions {
  limits: Pick<Limits, 'executionMs' | 'answerBytes'>;
  /** The same context at another moment: nothing that was read is known. */
  renew: (context: Context) => Context;
  /** Spends what each event costs, as the subscription itself did. @throws RateLimitedError */
  spend: (args: ExecutionArgs) => void | Promise<void>;
}

/**
 * Answers each event of a subscription as if it were a request of its own: with a context of its own, so that nothing is
 * remembered from one event to the next, within the same time as a query, for the same points, and no longer than any answer.
 * An event that was told has the number of what it tells for its id.
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
  const isTold = typeof event === 'object' && event !== null && 'number' in event && result.data;
  return isTold ? { ...result, [eventId]: String(event.number) } : result;
}
