import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import { withDeadline } from './deadline.ts';
import { eventId, type Result } from './event-stream.ts';

/**
 * Answers each event of a subscription as if it were a request of its own: with a context of its own, so that nothing is
 * remembered from one event to the next, and within the same time as a query. An event that was told has the number of what
 * it tells for its id.
 */
export function useSubscriptionEvents<Context extends object>(
  limitMs: number,
  renew: (context: Context) => Context,
): Plugin<Context> {
  return {
    onSubscribe({ args: { contextValue }, setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const events = await createSourceEventStream(args);
        if (!isAsyncIterable(events)) return events;

        return mapAsyncIterator(events, async (rootValue) => {
          const result = await withDeadline(limitMs, contextValue.request.signal, () =>
            execute({ ...args, rootValue, contextValue: renew(contextValue) }),
          );
          return withId(result, rootValue);
        });
      });
    },
  };
}

function withId(result: ExecutionResult, event: unknown): Result {
  const isTold = typeof event === 'object' && event !== null && 'number' in event && result.data;
  return isTold ? { ...result, [eventId]: String(event.number) } : result;
}
