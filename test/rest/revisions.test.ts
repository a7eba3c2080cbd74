import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { tokenOf } from '../kit/issuer.ts';
import { lengthen } from '../kit/ledger.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { aWorld, db } = service;
const call = restOf(service);

const pathOf = ({ organization }: World, after?: number) =>
  `/v1/organizations/${organization.id}/revisions.ndjson${after === undefined ? '' : `?after=${after}`}`;

/** A ledger of five entries, of which the third is about a configuration of the member's own. */
async function aLedger(): Promise<World> {
  const world = await aWorld();
  await lengthen(db, { organizationId: world.organization.id, userId: world.member.id }, 5);
  return world;
}

async function aLongLedger(count: number, after: object): Promise<World> {
  const world = await aWorld();
  const { id } = world.organization;
  await db.$executeRaw`INSERT INTO "Revision" ("id", "organizationId", "number", "at", "action", "subjectId", "after")
    SELECT 'rev_' || ${id} || n, ${id}, n, now(), 'TEAM_UPDATED', 'oms_x', ${JSON.stringify(after)}::jsonb
    FROM generate_series(1, ${count}::int) n`;
  await db.organization.update({ where: { id }, data: { revision: count } });
  return world;
}

const linesOf = (text: string | undefined) => (text ?? '').split('\n').slice(0, -1);

/** As an auditor does it, who has nothing but the lines. */
function hashOf(line: string): string {
  const { previousHash } = JSON.parse(line);
  const entry = line.slice(line.indexOf('"entry":') + '"entry":'.length, -1);
  return createHash('sha256')
    .update(previousHash ?? '', 'hex')
    .update(entry)
    .digest('hex');
}

describe('GET /v1/organizations/{organization_id}/revisions.ndjson', () => {
  it('has a line for each revision, oldest first, of which its hash can be computed', async () => {
    const world = await aLedger();

    const { status, headers, body } = await call('GET', pathOf(world), { as: world.owner });

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    expect(headers.get('cache-control')).toBe('no-store');
    const lines = linesOf(body);
    const told = lines.map((line) => JSON.parse(line));
    expect(told.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(told.map(({ previousHash }) => previousHash)).toEqual([null, ...told.slice(0, -1).map(({ hash }) => hash)]);
    expect(told[1]).toMatchObject({ entry: { number: 2, reason: 'Reason 2', before: { n: 1 }, after: { n: 2 } } });
    for (const line of lines.filter((one) => !one.includes('"hidden":')))
      expect(hashOf(line)).toBe(JSON.parse(line).hash);
  });

  it("says of a user's own configuration that it changed, and nothing that would tell what", async () => {
    const world = await aLedger();
    const stored = await db.revision.findFirst({ where: { organizationId: world.organization.id, number: 3 } });

    const { body } = await call('GET', pathOf(world, 2), { as: world.admin });

    const [line = ''] = linesOf(body);
    expect(JSON.parse(line)).toEqual({
      number: 3,
      previousHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      hash: Buffer.from(stored?.hash ?? []).toString('hex'),
      hidden: {
        id: stored?.id,
        number: 3,
        at: stored?.at.toISOString(),
        action: 'MODEL_CONFIG_CREATED',
        actorId: world.member.id,
        subjectId: 'cfg_own',
        organizationId: world.organization.id,
        reason: 'Reason 3',
      },
    });
    expect(stored?.salt).toEqual(expect.any(String));
    expect(body).not.toContain(stored?.salt);
  });

  it('goes on after the revision that the client names, and is empty after the last', async () => {
    const world = await aLedger();

    const { body: all } = await call('GET', pathOf(world), { as: world.admin });
    const { body: rest } = await call('GET', pathOf(world, 2), { as: world.admin });
    const { status, body: none } = await call('GET', pathOf(world, 5), { as: world.admin });

    expect(linesOf(rest)).toEqual(linesOf(all).slice(2));
    expect({ status, none }).toEqual({ status: 200, none: undefined });
  });

  it.each(['-1', 'x', '1e3', '9999999999', ''])('is refused after what is no revision: %s', async (after) => {
    const world = await aWorld();

    const answer = await call('GET', `${pathOf(world)}?after=${after}`, { as: world.admin });

    expect(answer).toMatchObject({
      status: 422,
      body: { error: { code: 'VALIDATION_ERROR', details: { issues: [{ path: 'after' }] } } },
    });
  });

  it('is told only to those who may know, before anything of the request is', async () => {
    const world = await aLedger();

    for (const [as, code] of [
      [world.member, 'INSUFFICIENT_PERMISSIONS'],
      [world.stranger, 'ORGANIZATION_ACCESS_DENIED'],
    ] as const) {
      const answer = await call('GET', `${pathOf(world)}?after=x`, { as });
      expect(answer).toMatchObject({ status: 403, body: { error: { code } } });
    }
  });

  it('costs points for what it brought, and breaks off where they are spent', async () => {
    const world = await aLongLedger(1_000, { n: 1 });
    const poor = restOf(service.anotherInstance({ limits: { viewerPoints: 700 } }));

    const short = await poor('GET', pathOf(world, 990), { as: world.owner, once: true });
    expect(linesOf(short.body)).toHaveLength(10);
    await expect(poor('GET', pathOf(world), { as: world.admin, once: true })).rejects.toThrow();
    expect(await poor('GET', pathOf(world), { as: world.admin, once: true })).toMatchObject({ status: 429 });
  });

  it('breaks off once the right to read it is lost', async () => {
    const world = await aLongLedger(1_000, { n: 1 });
    const { organization, admin } = world;
    const response = await service.fetch(
      new Request(`http://localhost${pathOf(world)}`, { headers: { authorization: `Bearer ${await tokenOf(admin)}` } }),
    );
    const reader = response.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);

    await db.$executeRaw`UPDATE "Membership" SET "role" = 'MEMBER' WHERE "organizationId" = ${organization.id} AND "userId" = ${admin.id}`;

    await expect(reader?.read()).rejects.toThrow('Your role in the organization has just changed');
  });
});

describe('an export of 10,000 revisions', () => {
  /** Asks over a connection, and does not read what is answered. */
  async function ask(world: World): Promise<IncomingMessage> {
    const server = createServer(service.listener);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const request = get({
      port,
      path: pathOf(world),
      headers: { authorization: `Bearer ${await tokenOf(world.admin)}` },
    });
    const [response] = await once(request, 'response');
    return response;
  }
  const pages = () => service.takeStatements().filter((sql) => sql.includes('AS "hasMore"')).length;

  it('is read as the client takes it, comes whole, and holds a page in memory', async () => {
    const world = await aLongLedger(10_000, { models: Array.from({ length: 40 }, (_, n) => `openai/model-${n}`) });
    service.takeStatements();
    const response = await ask(world);
    await sleep(300);

    // What fits into the buffers of a connection, and no more.
    const readAhead = pages();
    expect(readAhead).toBeGreaterThan(0);
    expect(readAhead).toBeLessThan(40);

    let lines = 0;
    let rest = '';
    let previous: string | null = null;
    response.setEncoding('utf8');
    for await (const chunk of response) {
      const whole = (rest + chunk).split('\n');
      rest = whole.pop() ?? '';
      for (const line of whole) {
        const { number, hash, previousHash } = JSON.parse(line);
        expect([number, previousHash]).toEqual([++lines, previous]);
        previous = hash;
      }
    }
    expect({ lines, rest }).toEqual({ lines: 10_000, rest: '' });
  });

  it('ends with the client', async () => {
    const world = await aLongLedger(10_000, { models: Array.from({ length: 40 }, (_, n) => `openai/model-${n}`) });
    const response = await ask(world);
    await once(response, 'readable');
    response.destroy();
    await sleep(100);
    service.takeStatements();

    await sleep(200);

    expect(pages()).toBe(0);
    await vi.waitUntil(
      async () =>
        (
          await db.query<{ n: number }>`SELECT count(*)::int AS "n" FROM pg_stat_activity
      WHERE "state" = 'active' AND "query" LIKE '%hasMore%' AND pid <> pg_backend_pid()`
        )[0]?.n === 0,
      { timeout: 10_000 },
    );
  });
});
