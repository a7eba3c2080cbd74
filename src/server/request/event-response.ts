import type { ServerResponse } from 'node:http';

/** What events are written to. Whoever reads too slowly is disconnected: it reconnects, and reads what is so then. */
interface Sink {
  write: (events: Uint8Array) => void;
  end: () => void;
}

/** Called once the headers were sent; answers what is called once the client is gone. */
type Start = (sink: Sink) => () => void;

/** How much, in bytes, may wait to be read. */
const maxWaiting = 65_536;

const starts = new WeakMap<Response, Start>();

/**
 * A response of server-sent events that are written to the connection itself: with thousands of streams open, a stream of the Fetch API
 * for each would take most of the memory.
 */
export function eventResponse(start: Start): Response {
  const response = new Response(null, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
  starts.set(response, start);
  return response;
}

/** Sends a response where it is one of events, and answers whether it was. */
export function sendEvents(response: Response, res: ServerResponse): boolean {
  const start = starts.get(response);
  if (!start) return false;
  res.writeHead(response.status, Object.fromEntries(response.headers));
  if (res.destroyed) return true;
  const leave = start({
    write: (events) => {
      if (res.writableLength > maxWaiting) res.destroy();
      else res.write(events);
    },
    end: () => res.end(),
  });
  res.once('close', leave);
  return true;
}

/** The same for a client without a port: the response as one of a stream. */
export function toEventStream(response: Response, signal: AbortSignal): Response {
  const start = starts.get(response);
  if (!start) return response;
  let leave = () => {};
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      leave = start({ write: (events) => controller.enqueue(events), end: () => controller.close() });
      signal.addEventListener('abort', leave, { once: true });
    },
    cancel: () => leave(),
  });
  return new Response(body, response);
}
