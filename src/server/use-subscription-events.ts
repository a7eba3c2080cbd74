import { createSourceEventStream, type ExecutionArgs, execute, GraphQLError } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import { withDeadline } from './deadline.ts';

/** What a client must accept, to be sent a stream. */
const streams = /text\/(event-stream|\*)|multipart\/(mixed|\*)|\*\/\*/i;

/**
 * Answers each event of a subscription as if it were a request of its own: with a context of its own, so that nothing is
 * remembered from one event to the next, and within the same time as a query.
 */
export function useSubscriptionEvents<Context extends object>(
  limitMs: number,
  renew: (context: Context) => Context,
): Plugin<Context> {
  return {
    onSubscribe({ args: { contextValue }, setSubscribeFn }) {
      // Else the stream would be opened, not be sent, and keep its place.
      if (!streams.test(contextValue.request.headers.get('accept') ?? '*/*')) {
        throw new GraphQLError('A subscription is answered as text/event-stream', {
          extensions: { http: { status: 406 } },
        });
      }
      setSubscribeFn(async (args: ExecutionArgs) => {
        const events = await createSourceEventStream(args);
        if (!isAsyncIterable(events)) return events;

        return mapAsyncIterator(events, (rootValue) =>
          withDeadline(limitMs, contextValue.request.signal, () =>
            execute({ ...args, rootValue, contextValue: renew(contextValue) }),
          ),
        );
      });
    },
  };
}
