import type { Graph } from './graph.ts';

interface Page {
  text: string;
  hasMore: boolean;
}

/**
 * An answer of several pages, each of which is read once the client has taken those before: memory does not depend on their number.
 * A refusal of the first page is a refusal of the request. Later the answer breaks off: the client sees that it is not whole.
 */
export async function streamPages(graph: Graph, type: string, read: () => Promise<Page>): Promise<Response> {
  let next: Page | undefined = await read();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const page = next ?? (await read());
          next = undefined;
          if (page.text !== '') controller.enqueue(encoder.encode(page.text));
          if (!page.hasMore) controller.close();
        } catch (error) {
          // Recorded, and logged where it is none of the client's business.
          controller.error(graph.refusalOf(error));
        }
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'content-type': type, 'cache-control': 'no-store' } });
}
