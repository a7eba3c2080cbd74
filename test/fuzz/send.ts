import { Agent, request as open } from 'node:http';
import type { FuzzedRequest } from './request.ts';
import type { Scene } from './scene.ts';

export interface FuzzedAnswer {
  status: number;
  contentType: string;
  text: string;
}

/** How long an answer is read that goes on, in ms. */
const readMs = 150;

/** Sends requests to a port, byte for byte, over connections that are kept. */
export function createSender(url: string) {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  return {
    send: ({ sender, method, path, headers, body }: FuzzedRequest, { senders }: Scene) =>
      new Promise<FuzzedAnswer>((resolve, reject) => {
        const content = body === undefined ? undefined : Buffer.from(body, 'latin1');
        const length = content === undefined ? {} : { 'content-length': content.length };
        const sent = open({
          agent,
          hostname,
          port,
          method,
          path,
          headers: { ...headers, ...senders[sender], ...length },
        });
        sent.on('error', reject);
        sent.on('response', (response) => {
          const { statusCode: status = 0, headers: received } = response;
          const contentType = received['content-type'] ?? '';
          let text = '';
          const end = () => resolve({ status, contentType, text });
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', end).on('error', reject);
          if (contentType.startsWith('text/event-stream')) {
            setTimeout(() => {
              end();
              sent.destroy();
            }, readMs).unref();
          }
        });
        sent.end(content);
      }),
    close: () => agent.destroy(),
  };
}
