import { createClient } from 'graphql-sse';
import pg from 'pg';
import { afterAll, expect } from 'vitest';
import type { PrismaDatabase } from '../../src/database/pool/client.ts';
import type { TestDatabase } from './database.ts';
import { mint } from './issuer.ts';
import { listenOnLoopback } from './loopback.ts';
import { UpdateSettings } from './operations.ts';
import type { Service } from './service.ts';

/** What one event says. */
export interface Told {
  data?: { organizationRevision: { number: number; action: string; actor: { id: string } | null } } | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

export const followRevisions = `
  subscription FollowRevisions($organizationId: ID!, $sinceRevision: Int) {
    organizationRevision(organizationId: $organizationId, sinceRevision: $sinceRevision) {
      number
      action
      actor {
        id
      }
    }
  }
`;

interface Following {
  as?: { id: string } | undefined;
  token?: string;
  sinceRevision?: number;
  query?: string;
  headers?: Record<string, string>;
}

/** Follows organizations by a port of this service, as a client does with plain graphql-sse, which tries once. */
export async function followersOf({ listener }: Pick<Service, 'listener'>) {
  const { url, close } = await listenOnLoopback(listener);
  afterAll(close);

  /** Without `sinceRevision` it resolves when the service has answered with a stream, since what is told begins there. */
  const follow = async (
    { id: organizationId }: { id: string },
    { as, token, sinceRevision, query = followRevisions, headers: given }: Following = {},
  ) => {
    const bearer = token ?? (as && (await mint({ sub: as.id })));
    const headers = { ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }), ...given };
    const client = createClient({ url: `${url}/graphql`, headers, retryAttempts: 0 });
    const variables = { organizationId, ...(sinceRevision === undefined ? {} : { sinceRevision }) };
    let events: AsyncGenerator<Told, void> | undefined;
    const opened = new Promise<void>((resolve) => {
      events = client.iterate({ query, variables }, { connected: () => resolve() }) as AsyncGenerator<Told, void>;
    });
    if (sinceRevision === undefined) await opened;
    return events as AsyncGenerator<Told, void>;
  };
  return { url, follow };
}

/** The numbers of the next revisions that are told. */
export async function take(events: AsyncGenerator<Told, void>, count: number): Promise<(number | undefined)[]> {
  const numbers = [];
  while (numbers.length < count) {
    const { value } = await events.next();
    numbers.push(value?.data?.organizationRevision.number);
  }
  return numbers;
}

/** Makes revisions, one after another, as this user. */
export async function revise(
  { ask }: Pick<Service, 'ask'>,
  { id: organizationId }: { id: string },
  { as, times = 1 }: { as: { id: string }; times?: number },
): Promise<void> {
  for (let time = 0; time < times; time++) {
    const disabledModels = [`model-${crypto.randomUUID()}`];
    const { data } = await ask(UpdateSettings, { input: { organizationId, disabledModels } }, { as });
    expect(data?.updateModelSettings.__typename).toBe('OrganizationModelSettings');
  }
}

/** Makes a revision for each time, as quickly as the database can, each with a commit of its own. */
export async function reviseQuickly(
  db: Pick<PrismaDatabase, '$executeRaw'>,
  { id: organizationId }: { id: string },
  { as, times }: { as: { id: string }; times: number },
): Promise<void> {
  for (let time = 0; time < times; time++) {
    await db.$executeRaw`
      WITH o AS (UPDATE "Organization" SET "revision" = "revision" + 1 WHERE "id" = ${organizationId} RETURNING *)
      INSERT INTO "Revision" ("id", "organizationId", "number", "at", "actorId", "action", "subjectId")
      SELECT 'rev_' || gen_random_uuid(), "id", "revision", clock_timestamp(), ${as.id}, 'MODEL_SETTINGS_UPDATED', 'oms_' FROM o`;
  }
}

/** Takes from the services on this database the connections by which they listen; answers how many those were. */
export async function loseFeeds({ url }: TestDatabase): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query ~ '^\\s*(LISTEN modelgate_|WITH "own"|UPDATE public."Instance")'`,
    );
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}
