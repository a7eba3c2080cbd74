import { describe, expect, it } from 'vitest';
import { findRecentUse } from '../../src/domain/usage/usage-user.ts';
import { CreateConfig, DeleteConfig } from '../kit/config-operations.ts';
import { startService } from '../kit/service.ts';
import { aReport, type Report, record } from '../kit/usage.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db } = service;

/** Records as the admin of a new world; answers what its organization keeps of users, ordered by user. */
async function aReporter() {
  const world = await aWorld();
  const { id: organizationId } = world.organization;
  const send = (...records: Partial<Report>[]) =>
    record(service, world.organization, world.admin, records.map(aReport));
  const users = async () => {
    const rows = await db.usageUser.findMany({ where: { organizationId }, orderBy: { userId: 'asc' } });
    return rows.map(({ userId, lastUsedAt }) => [userId, lastUsedAt.toISOString()]);
  };
  const recent = async (since: string) => (await findRecentUse(db, [organizationId], new Date(since))).flat();
  return { ...world, send, users, recent };
}

async function aConfig({ organization, admin }: Pick<World, 'organization' | 'admin'>, scope: 'ORGANIZATION' | 'USER') {
  const input = { organizationId: organization.id, scope, provider: 'openai', modelId: 'gpt-4o' };
  const { data } = await ask(CreateConfig, { input }, { as: admin });
  return data?.createModelConfig.__typename === 'ModelConfig' ? data.createModelConfig.id : expect.fail();
}

describe('the users of a model', () => {
  it('are those that reports name, each with its last use, which never moves back', async () => {
    const { organization, send, users, recent } = await aReporter();

    await send({ userId: 'b', usedAt: '2026-11-20T10:00:00Z' }, { userId: 'a', usedAt: '2026-11-20T11:00:00Z' }, {});
    await send({ userId: 'a', usedAt: '2026-11-18T09:00:00Z' }, { userId: 'b', usedAt: '2026-11-21T08:00:00Z' });

    expect(await users()).toEqual([
      ['a', '2026-11-20T11:00:00.000Z'],
      ['b', '2026-11-21T08:00:00.000Z'],
    ]);
    const model = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4o' };
    expect(await recent('2026-11-01T00:00:00Z')).toEqual([{ ...model, uses: 5n, cost: '0.0375', users: 2 }]);
    expect(await recent('2026-11-21T00:00:00Z')).toEqual([{ ...model, uses: 2n, cost: '0.015', users: 1 }]);
    // The day counts as a whole.
    expect(await recent('2026-11-20T23:59:59Z')).toMatchObject([{ uses: 4n, users: 2 }]);
    expect(await recent('2026-11-23T00:00:00Z')).toEqual([]);
  });

  it('are not moved by a record that is known, whatever it says', async () => {
    const { send, users, recent } = await aReporter();
    const known = aReport({ userId: 'a', usedAt: '2026-11-20T10:00:00Z' });
    await send(known);
    await send({ ...known, usedAt: '2026-11-21T10:00:00Z' }, { ...known, userId: 'b' });

    expect(await users()).toEqual([['a', '2026-11-20T10:00:00.000Z']]);
    expect(await recent('2026-11-01T00:00:00Z')).toMatchObject([{ uses: 1n, users: 1 }]);
  });

  it('are, where a report names none, the owner of the configuration, also of a deleted one', async () => {
    const reporter = await aReporter();
    const { send, users, admin } = reporter;
    const [own, gone, shared] = [
      await aConfig(reporter, 'USER'),
      await aConfig(reporter, 'USER'),
      await aConfig(reporter, 'ORGANIZATION'),
    ];
    await ask(DeleteConfig, { input: { id: gone } }, { as: admin });
    const usedAt = '2026-11-20T10:00:00Z';

    await send({ modelConfigId: shared, usedAt }, { usedAt });
    expect(await users()).toEqual([]);
    await send({ modelConfigId: gone, usedAt });
    expect(await users()).toEqual([[admin.id, '2026-11-20T10:00:00.000Z']]);
    await send({ modelConfigId: own, usedAt: '2026-11-20T11:00:00Z' }, { modelConfigId: own, userId: 'a', usedAt });
    expect(await users()).toEqual([
      ['a', '2026-11-20T10:00:00.000Z'],
      [admin.id, '2026-11-20T11:00:00.000Z'],
    ]);
  });

  it.each(['', 'x'.repeat(201), 'a\u0000b'])('have ids that are valid, which %j is not', async (userId) => {
    const { send, users } = await aReporter();

    expect(await send({ userId }, {})).toMatchObject({ recorded: 1, rejected: [{ issues: [{ path: 'userId' }] }] });
    expect(await users()).toEqual([]);
  });
});
