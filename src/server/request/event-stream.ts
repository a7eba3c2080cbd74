import type { ExecutionResult } from 'graphql';
import { type FetchAPI, isAsyncIterable } from 'graphql-yoga';

/** How often, in ms, a comment is sent, so that proxies keep the connection open. */
const commentMs = 12_000;

/** The key of a result's event id, which clients send back as `Last-Event-ID`. */
export const eventId = Symbol('eventId');

export type Result = ExecutionResult & { [eventId]?: string };
export type Results = Result | AsyncIterable<Result>;

interface StreamOptions {
  fetchAPI: FetchAPI;
  /** Aborted when the client disconnects. */
  signal: Pick<AbortSignal, 'aborted' | 'addEventListener'>;
}

/** The results as server-sent events, in the distinct connections mode of GraphQL over SSE; a single result is a stream too. */
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
      // Some browsers notice the response only when its first bytes arrive.
      comment();
      // Not while data waits to be read: that keeps the connection open, or the client does not read.
      comments = setInterval(() => void ((controller.desiredSize ?? 0) > 0 && comment()), commentMs).unref();
      // What sends the stream does not cancel it when the client disconnects, but only stops reading.
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
    // Its result is not awaited.
    cancel: () => leave().catch(() => {}),
  });
  return new fetchAPI.Response(body, {
    // Otherwise a proxy may buffer the events.
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

/** An error without its HTTP status, which is for the server alone. */
function toData(error: NonNullable<ExecutionResult['errors']>[number]) {
  const { extensions, ...told } = error.toJSON();
  const { http: _, ...others } = extensions ?? {};
  return { ...told, extensions: others };
}
