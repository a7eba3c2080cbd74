import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { afterAll } from 'vitest';
import { mint } from '../kit/issuer.ts';
import type { Peer } from './peer.ts';

const modelgateSdl = readFileSync(join(import.meta.dirname, '../../schema.subgraph.graphql'), 'utf8');

/** The supergraph of a Modelgate, which answers at a port until the test file is done, and of others. */
export async function supergraphOf(
  modelgate: { listener: RequestListener },
  ...peers: readonly Peer[]
): Promise<string> {
  const server = createServer(modelgate.listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const { supergraphSdl = '', errors = [] } = composeServices([
    { name: 'modelgate', url: `http://127.0.0.1:${port}/graphql`, typeDefs: parse(modelgateSdl) },
    ...peers.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  ]);
  if (errors.length > 0) throw new AggregateError(errors);
  return supergraphSdl;
}

interface Answer {
  data?: unknown;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

/** What a gateway answers to this person, or to nobody. */
export async function askAt(
  url: string,
  query: string,
  variables: Record<string, unknown>,
  as?: { id: string },
): Promise<Answer> {
  const authorization = as && { authorization: `Bearer ${await mint({ sub: as.id })}` };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}
