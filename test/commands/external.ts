import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { newMasterKey } from '../../src/domain/vault/master-keys.ts';
import { mint, publicJwk, trustedIssuer } from '../kit/issuer.ts';
import { buildWorld, type World } from '../kit/world.ts';
import { addressOf, runs } from './process.ts';

/** The environment of a service on a database of one's own, which trusts an issuer of one's own. */
export async function environmentOn(databaseUrl: string) {
  const issuer = createServer((_request, response) => void response.end(JSON.stringify({ keys: [publicJwk] })));
  await once(issuer.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void issuer.close().closeAllConnections());
  return {
    DATABASE_URL: databaseUrl,
    AUTH_JWKS_URL: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`,
    AUTH_ISSUER: trustedIssuer.issuer,
    MASTER_KEYS: newMasterKey('test'),
    PORT: '0',
  };
}

/** What a service answers to an operation. */
export interface Reply {
  status: number;
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: { code: string } }[];
}

/** What is answered while the database is not there: by an operation, and at /ready. */
export const unavailable = { errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] };
export const notReady = { status: 503, body: { status: 'unavailable', reason: 'The database does not answer.' } };

function aWorldIn(databaseUrl: string): Promise<World> {
  const db = createDatabase(databaseUrl, { poolSize: 1 });
  return buildWorld(db).finally(() => db.$disconnect());
}

/** A service that is a process, on a migrated database; it is asked as the admin of an organization that is in there. */
export async function aServiceOn(
  databaseUrl: string,
  variables: Record<string, string> = {},
  // That of another service on the same data.
  known?: World,
) {
  const world = known ?? (await aWorldIn(databaseUrl));
  const { organization, admin } = world;
  const service = runs(['serve'], { env: { ...(await environmentOn(databaseUrl)), ...variables } });
  const url = await addressOf(service);

  // Given up when nothing has come after 15 seconds.
  const send = async (body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: `Bearer ${await mint({ sub: admin.id })}`,
        ...headers,
      },
      body,
      signal: AbortSignal.timeout(15_000),
    });
  const post = (query: string, headers?: Record<string, string>) => send(JSON.stringify({ query }), headers);
  const ask = async (query: string, headers?: Record<string, string>): Promise<Reply> => {
    const response = await post(query, headers);
    return { status: response.status, ...((await response.json()) as Omit<Reply, 'status'>) };
  };
  const read = () => ask(`{ organization(id: "${organization.id}") { revision } }`);
  return {
    world,
    service,
    url,
    organizationId: organization.id,
    send,
    ask,
    read,
    /** Disables one model, and no other; with an `Idempotency-Key` it has a connection while it waits for its turn. */
    disable: (model: string, key?: string) => {
      const input = `organizationId: "${organization.id}", disabledModels: ["${model}"]`;
      const query = `mutation { updateModelSettings(input: { ${input} }) { __typename } }`;
      return ask(query, key === undefined ? {} : { 'idempotency-key': key });
    },
    /** Asks whether a model may be used that the catalog does not have: it is refused. */
    isRefused: async () => {
      const { data } = await ask(
        `{ modelAccess(organizationId: "${organization.id}", modelKey: "nothing") { allowed } }`,
      );
      return JSON.stringify(data) === '{"modelAccess":{"allowed":false}}';
    },
    /** Resolves when the stream is open, to all that comes by it, which is known when it is closed. */
    subscribe: async () => {
      const query = `subscription { organizationRevision(organizationId: "${organization.id}") { number } }`;
      const response = await post(query, { accept: 'text/event-stream' });
      return { events: response.text() };
    },
    probe: async (path: string) => {
      const response = await fetch(`${url}${path}`);
      return { status: response.status, body: await response.json() };
    },
    /** How long it takes, in ms, until it serves again. */
    recovers: async () => {
      const since = performance.now();
      const passedMs = () => performance.now() - since;
      while ((await read()).errors && passedMs() < 20_000) await sleep(20);
      return passedMs();
    },
  };
}

/** How many refusals are written in a database. */
export async function countRefusals(databaseUrl: string): Promise<number> {
  const db = createDatabase(databaseUrl, { poolSize: 1 });
  const { _sum } = await db.modelRefusal.aggregate({ _sum: { count: true } }).finally(() => db.$disconnect());
  return Number(_sum.count ?? 0);
}

/** The answer to a change of the settings that was made. */
export const changed = { data: { updateModelSettings: { __typename: 'OrganizationModelSettings' } } };
