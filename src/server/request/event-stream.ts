import type { ExecutionResult } from 'graphql';
import { type FetchAPI, isAsyncIterable } from 'graphql-yoga';

/** How often, in ms, a comment is sent, so that what is between here and the client keeps the connection. */
const commentMs = 12_000;

/** Where a result keeps the id of its event, which clients send back as `Last-Event-ID`. */
export const eventId = Symbol('eventId');

export type Result = ExecutionResult & { [eventId]?: string };
export type Results = Result | AsyncIterable<Result>;

interface StreamOptions {
  fetchAPI: FetchAPI;
  /** Aborted when the client is gone. */
  signal: Pick<AbortSignal, 'aborted' | 'addEventListener'>;
}

/** The results as server-sent events, in the distinct connections mode of GraphQL over SSE; one alone is a stream too. */
export function eventStream(results: Results, { fetchAPI, signal }: StreamOptions): Response {
  const iterator = isAsyncIterable(results) ? results[Symbol.asyncIterator]() : once(results);
  const encoder = new TextEncoder();
  let comments: NodeJS.Timeout | undefined;
  let isOver = false;
  const end = () => {
    isOver = true;
    clearInterval(comments);
  };
  const leave = async () => {
    end();
    await iterator.return?.();
  };

  const body = new fetchAPI.ReadableStream<Uint8Array>({
    start(controller) {
      const comment = () => controller.enqueue(encoder.encode(':\n\n'));
      // Some browsers do not see that they are answered before something comes.
      comment();
      // Where something waits to be read, that keeps the connection, or nothing shall.
      comments = setInterval(() => void ((controller.desiredSize ?? 0) > 0 && comment()), commentMs).unref();
      // What sends it only stops asking for more when the client has gone.
      signal.addEventListener('abort', () => void leave().catch(() => {}), { once: true });
    },
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (isOver) return;
        if (value) controller.enqueue(encoder.encode(toEvent(value)));
        if (!done) return;
        end();
        controller.enqueue(encoder.encode('event: complete\ndata:\n\n'));
        controller.close();
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    // Nobody waits for it.
    cancel: () => leave().catch(() => {}),
  });
  return new fetchAPI.Response(body, {
    // Else a proxy may collect them until there are many.
    headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
  });
}

async function* once(result: Result): AsyncGenerator<Result, undefined> {
  yield result;
}

function toEvent(result: Result): string {
  const { [eventId]: id } = result;
  const text = JSON.stringify({ ...result, ...(result.errors && { errors: result.errors.map(toData) }) });
  return `${id === undefined ? '' : `id: ${id}\n`}event: next\ndata: ${text}\n\n`;
}

/** What an error says of its status is for the server alone. */
function toData(error: NonNullable<ExecutionResult['errors']>[number]) {
  const { extensions, ...told } = error.toJSON();
  const { http: _, ...others } = extensions ?? {};
  return { ...told, extensions: others };
}
