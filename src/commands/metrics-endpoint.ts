import type { RequestListener } from 'node:http';
import type { Metrics } from '../metrics/metrics.ts';

const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

/** Answers `GET /metrics`, and nothing else. */
export function answerMetrics({ text, contentType }: Pick<Metrics, 'text' | 'contentType'>): RequestListener {
  return (request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== '/metrics') return void response.writeHead(404, headers).end('Metrics are at /metrics.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void response.writeHead(405, { ...headers, allow: 'GET, HEAD' }).end();
    text().then(
      (metrics) => response.writeHead(200, { ...headers, 'content-type': contentType }).end(metrics),
      () => response.writeHead(500, headers).end('The metrics cannot be read.\n'),
    );
  };
}
