import { setTimeout as sleep } from 'node:timers/promises';
import { print } from 'graphql';
import pg from 'pg';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { ReadSettings, UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';

const executionMs = 2_000;
const { ask, aWorld, db, fetch, database } = await startService({ limits: { executionMs } });
// What a role does is shown to that role alone.
const observer = await connectTo(database.url);
afterAll(() => observer.end());

async function connectTo(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

/** Holds a lock of somebody else, until it is let go. */
async function hold(statement: string): Promise<() => Promise<void>> {
  const client = await connectTo(database.ownerUrl);
  onTestFinished(() => client.end());
  await client.query('BEGIN');
  await client.query(statement);
  return async () => void (await client.query('ROLLBACK'));
}

const holdOrganization = ({ id }: { id: string }) =>
  hold(`SELECT 1 FROM "Organization" WHERE "id" = '${id}' FOR UPDATE`);

/** How many connections of the service run a statement, or have a transaction open. */
async function busy(): Promise<number> {
  const { rows } = await observer.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid() AND state <> 'idle'`,
  );
  return rows[0].count;
}

const exceeded = {
  status: 503,
  errors: [
    {
      message: 'The operation took longer than 2 s and was given up',
      extensions: { code: 'SERVICE_UNAVAILABLE', type: 'server_error', status: 503 },
    },
  ],
};

describe('an operation that takes too long', () => {
  it('is given up, and its statement with it: nothing was changed, and the next one is served', async () => {
    const { organization, admin } = await aWorld();
    const change = { organizationId: organization.id, disabledProviders: ['google'] };
    const letGo = await holdOrganization(organization);

    const answer = await ask(UpdateSettings, { input: change }, { as: admin });

    expect(answer).toMatchObject(exceeded);
    expect(answer.data).toBe(undefined);
    await expect.poll(busy, { timeout: 5_000 }).toBe(0);
    await letGo();
    expect(await db.organization.findUniqueOrThrow({ where: { id: organization.id } })).toMatchObject({ revision: 0 });
    expect((await ask(UpdateSettings, { input: change }, { as: admin })).data?.updateModelSettings).toMatchObject({
      revision: 1,
    });
    expect(await db.revision.count({ where: { organizationId: organization.id } })).toBe(1);
  });

  it('is given up with an Idempotency-Key too, and can be sent again', async () => {
    const { organization, admin } = await aWorld();
    const input = { organizationId: organization.id, disabledProviders: ['google'] };
    const asking = { as: admin, headers: { 'idempotency-key': 'slow' } };
    const letGo = await holdOrganization(organization);

    expect(await ask(UpdateSettings, { input }, asking)).toMatchObject(exceeded);
    await letGo();
    await expect.poll(busy).toBe(0);

    expect((await ask(UpdateSettings, { input }, asking)).data?.updateModelSettings).toMatchObject({ revision: 1 });
  });

  it('is given up where it only reads', async () => {
    const { organization, member } = await aWorld();
    const letGo = await hold('LOCK TABLE "ModelSettings" IN ACCESS EXCLUSIVE MODE');

    const answer = await ask(ReadSettings, { organizationId: organization.id }, { as: member });

    expect(answer).toMatchObject(exceeded);
    await expect.poll(busy, { timeout: 5_000 }).toBe(0);
    await letGo();
    expect((await ask(ReadSettings, { organizationId: organization.id }, { as: member })).status).toBe(200);
  });

  it('is given up where the database does not say who asks', async () => {
    const { organization, member } = await aWorld();
    await hold('LOCK TABLE "Membership" IN ACCESS EXCLUSIVE MODE');

    const answer = await ask(ReadSettings, { organizationId: organization.id }, { as: member });

    expect(answer).toMatchObject(exceeded);
    await expect.poll(busy, { timeout: 5_000 }).toBe(0);
  });

  it('holds up nobody: the pool has its connections back, also where there were more than it holds', async () => {
    const { organization, admin } = await aWorld();
    const letGo = await holdOrganization(organization);
    const change = (index: number) => ({
      input: { organizationId: organization.id, disabledModels: [`model-${index}`] },
    });
    const many = Array.from({ length: 12 }, (_, index) => index + 1);

    const answers = await Promise.all(many.map((index) => ask(UpdateSettings, change(index), { as: admin })));

    expect(answers.map(({ status }) => status)).toEqual(many.map(() => 503));
    await expect.poll(busy, { timeout: 5_000 }).toBe(0);
    await letGo();
    for (const revision of many) {
      const { data } = await ask(UpdateSettings, change(revision), { as: admin });
      expect(data?.updateModelSettings).toMatchObject({ revision });
    }
  });

  it('does not take another with it, which waits for the same', async () => {
    const { organization, admin } = await aWorld();
    const change = { organizationId: organization.id, disabledModels: ['gpt-4o'] };
    const letGo = await holdOrganization(organization);
    const first = ask(UpdateSettings, { input: change }, { as: admin });
    await sleep(executionMs * 0.6);
    const second = ask(UpdateSettings, { input: change }, { as: admin });

    expect(await first).toMatchObject(exceeded);
    await letGo();

    expect((await second).data?.updateModelSettings).toMatchObject({ revision: 1 });
  });
});

describe('an operation whose client has gone', () => {
  it('is given up: nothing was changed', async () => {
    const { organization, admin } = await aWorld();
    const letGo = await holdOrganization(organization);
    const client = new AbortController();
    const variables = { input: { organizationId: organization.id, disabledModels: ['gpt-4o'] } };
    const answer = fetch(
      new Request('http://localhost/graphql', {
        method: 'POST',
        signal: client.signal,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await mint({ sub: admin.id })}` },
        body: JSON.stringify({ query: print(UpdateSettings), variables }),
      }),
    );
    await expect.poll(busy, { timeout: 5_000 }).toBe(1);

    client.abort();

    await expect(answer).rejects.toThrow();
    await expect.poll(busy, { timeout: 5_000 }).toBe(0);
    await letGo();
    expect(await db.organization.findUniqueOrThrow({ where: { id: organization.id } })).toMatchObject({ revision: 0 });
  });
});
