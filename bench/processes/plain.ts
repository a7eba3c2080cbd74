// The limit: node:http, and pg with prepared statements. It reads what it must, and writes JSON.
import { createServer, type IncomingMessage } from 'node:http';
import { listen } from './listen.ts';
import { openStore } from './store.ts';

const store = openStore();

await listen(
  createServer((request, response) => {
    answer(request).then(
      (data) => {
        const body = JSON.stringify(data);
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
        response.end(body);
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }),
);

async function answer(request: IncomingMessage): Promise<unknown> {
  const [, question, organizationId = '', modelKey = ''] = (request.url ?? '').split('/');
  switch (question) {
    case 'settings':
      return store.settings(organizationId);
    case 'access':
      return store.access(organizationId, decodeURIComponent(modelKey));
    case 'configs':
      return store.configs(organizationId);
    case 'configs-deep':
      return store.configsDeep(organizationId);
    case 'entities':
      return store.entities(JSON.parse(await textOf(request)).ids);
    case 'update':
      return store.update(organizationId, JSON.parse(await textOf(request)).disabledModels);
    default:
      throw new Error(`Nothing is known of ${request.url}`);
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  return text;
}
