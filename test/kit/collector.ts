import { json } from 'node:stream/consumers';
import { vi } from 'vitest';
import { listenOnLoopback } from './loopback.ts';

/** A span as OTLP has it in JSON. */
export interface Exported {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status: { code?: number };
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  resource: Record<string, unknown>;
}

type KeyValue = { key: string; value: Record<string, unknown> };

interface Batch {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: { spans: (Omit<Exported, 'attributes' | 'resource'> & { attributes: KeyValue[] })[] }[];
  }[];
}

const objectOf = (list: KeyValue[]) => Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));

/** A collector of traces at a port of this machine, which takes OTLP as JSON. */
export async function startCollector() {
  const spans: Exported[] = [];
  const { url, close } = await listenOnLoopback(async (request, response) => {
    const { resourceSpans } = (await json(request)) as Batch;
    for (const { resource, scopeSpans } of resourceSpans) {
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        const attributes = objectOf(span.attributes);
        spans.push({ ...span, links: span.links ?? [], attributes, resource: objectOf(resource.attributes) });
      }
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  return {
    url,
    close,
    /** The spans of a trace, once that of the request is there, which is the last to end. */
    traceOf: async (traceId: string): Promise<Exported[]> => {
      const found = () => spans.filter((span) => span.traceId === traceId);
      await vi.waitUntil(() => found().some(({ kind }) => kind === 2), { timeout: 10_000 });
      return found();
    },
    spans,
  };
}
