import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { pino } from 'pino';
import { afterAll } from 'vitest';
import { type Catalog, readCatalog } from '../../src/catalog/catalog.ts';
import { createDatabase, type Database } from '../../src/database/client.ts';
import { newMasterKey, parseMasterKeys } from '../../src/domain/master-keys.ts';
import { createVault } from '../../src/domain/vault.ts';
import { createServer } from '../../src/server.ts';
import { createTestDatabase } from './database.ts';
import { mint, trustedIssuer } from './issuer.ts';
import { buildWorld, type World } from './world.ts';

/** For all tests it is this day: models retire as time goes by. */
export const today = new Date('2026-11-22T12:00:00Z');

/** What the provider keys of all tests are sealed with, unless they say otherwise. */
export const testVault = createVault(parseMasterKeys(newMasterKey('test')));

/** What a client is told. */
export interface Answer<Data> {
  status: number;
  headers: Headers;
  data?: Data | null;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

interface Asking {
  /** Who asks; nobody is anonymous. */
  as?: { id: string } | undefined;
  /** Or the token that is sent. */
  token?: string;
  headers?: Record<string, string>;
}

/** One running service: what its clients can do with it, and what can be seen from behind. */
export interface Service {
  fetch: (request: Request) => Promise<Response>;
  ask: <Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables> | string,
    variables?: Variables,
    asking?: Asking,
  ) => Promise<Answer<Data>>;
  /** Statements sent since the last call. */
  takeStatements: () => string[];
  /** Log lines written so far. */
  logLines: () => Record<string, unknown>[];
}

interface ServiceOptions {
  catalog?: Catalog;
  platformProviders?: ReadonlySet<string>;
}

/** A service on a database of this test file's own, which goes when the file is done. */
export async function startService({ catalog = readCatalog(), platformProviders }: ServiceOptions = {}) {
  const database = await createTestDatabase();
  const clients: Database[] = [];
  const connect = (onQuery?: (sql: string) => void) => {
    const db = createDatabase(database.url, onQuery ? { onQuery } : {});
    clients.push(db);
    return db;
  };
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.$disconnect()));
    await database.drop();
  });

  const db = connect();
  return {
    ...startInstance(connect, catalog, platformProviders),
    db,
    database,
    /** Another process, as it were, on the same database. */
    anotherInstance: () => startInstance(connect, catalog, platformProviders),
    /** An organization with its people and one of strangers, not used by any other test. */
    aWorld: (): Promise<World> => buildWorld(db),
  };
}

/** A service on any database; the caller disconnects it. */
export function startInstance(
  connect: (onQuery: (sql: string) => void) => Database,
  catalog: Catalog,
  platformProviders?: ReadonlySet<string>,
): Service {
  let statements: string[] = [];
  const lines: string[] = [];
  const server = createServer({
    db: connect((sql) => void statements.push(sql)),
    catalog,
    issuer: trustedIssuer,
    vault: testVault,
    platformProviders,
    clock: () => today,
    log: pino({ level: 'debug', base: null }, { write: (line: string) => void lines.push(line) }),
    readiness: async () => null,
  });
  const fetch = async (request: Request) => server.fetch(request);

  return {
    fetch,
    ask: async (document, variables, { as, token, headers } = {}) => {
      const bearer = token ?? (as && (await mint({ sub: as.id })));
      const response = await fetch(
        new Request('http://localhost/graphql', {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
            ...headers,
          },
          body: JSON.stringify({ query: typeof document === 'string' ? document : print(document), variables }),
        }),
      );
      return { status: response.status, headers: response.headers, ...(await response.json()) };
    },
    takeStatements: () => {
      const taken = statements;
      statements = [];
      return taken;
    },
    logLines: () => lines.map((line) => JSON.parse(line)),
  };
}
