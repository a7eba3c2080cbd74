import { describe, expect, it, onTestFinished } from 'vitest';
import { startRelay } from '../commands/relay.ts';
import { tokenOf } from '../kit/issuer.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startPooler } from '../kit/pooler.ts';
import { type Service, startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const here = await startService();
const { aWorld, database, db } = here;

const Read = `query ($organizationId: ID!) { organizationModelSettings(organizationId: $organizationId) { disabledModels } }`;

/** A process that is busy joins late. */
const patiently = { timeout: 10_000 };

interface Answer {
  organizationModelSettings: { disabledModels: string[] };
}

async function read(instance: Service, { organization, member }: World): Promise<string[] | undefined> {
  const asking = { token: await tokenOf(member), once: true };
  const { data } = await instance.ask<Answer, { organizationId: string }>(
    Read,
    { organizationId: organization.id },
    asking,
  );
  return data?.organizationModelSettings.disabledModels;
}

const disable = (world: World, instance: Service = here, as = world.owner, headers = {}) =>
  instance.ask(
    UpdateSettings,
    { input: { organizationId: world.organization.id, disabledModels: ['gpt-4o'] } },
    { as, headers },
  );

/** An instance that answers from its caches what this world has set, and whose line can be cut. */
async function aCachingInstance(world: World, times: { heartbeatMs?: number; leaseMs?: number } = {}) {
  const relay = await startRelay(database.url);
  const instance = here.anotherInstance({ feedUrl: relay.url, times });
  onTestFinished(() => instance.changeFeed.close());
  const readAgain = async () => {
    await read(instance, world);
    instance.takeStatements();
    return [await read(instance, world), instance.takeStatements()];
  };
  await expect.poll(readAgain, patiently).toEqual([[], []]);
  return { instance, relay };
}

/** Reads without a pause until a change is acknowledged, and for a while after; answers what was read after. */
async function readOn(instance: Service, world: World, change: Promise<unknown>) {
  let isAcknowledged = false;
  const acknowledged = change.then(() => {
    isAcknowledged = true;
  });
  const answers = { before: new Set<string>(), after: new Set<string>() };
  for (let left = 30; left > 0; ) {
    const kept = isAcknowledged ? answers.after : answers.before;
    if (isAcknowledged) left -= 1;
    kept.add(String(await read(instance, world)));
    // Else nothing but answers from caches has its turn.
    await new Promise(setImmediate);
  }
  await acknowledged;
  return answers;
}

describe('what is answered elsewhere after a change was acknowledged', () => {
  it('is not older than that, where it was heard of', async () => {
    const world = await aWorld();
    const { instance } = await aCachingInstance(world);

    const { after } = await readOn(instance, world, disable(world));

    expect([...after]).toEqual(['gpt-4o']);
    instance.takeStatements();
    expect([await read(instance, world), instance.takeStatements()]).toEqual([['gpt-4o'], []]);
  });

  it('is not older than that, where the line died without a word', async () => {
    const world = await aWorld();
    // A shorter lease than it takes to notice that a line is dead: until then it is the lease alone that counts.
    const { instance, relay } = await aCachingInstance(world, { heartbeatMs: 50, leaseMs: 700 });

    relay.cut();
    const { before, after } = await readOn(instance, world, disable(world));

    expect(before).toContain('');
    expect([...after]).toEqual(['gpt-4o']);
  });

  it('is not older than that, where who changed it hears of nothing itself', async () => {
    const pooler = await startPooler(database.url);
    const deaf = here.anotherInstance({ feedUrl: pooler.url });
    const world = await aWorld();
    const { instance, relay } = await aCachingInstance(world);

    const { after } = await readOn(instance, world, disable(world, deaf));
    const other = await aWorld();
    for (const _ of [1, 2]) await read(instance, other);
    relay.cut();
    const cut = await readOn(instance, other, disable(other, deaf));

    expect(deaf.lease.isHeld).toBe(false);
    expect([[...after], [...cut.after]]).toEqual([['gpt-4o'], ['gpt-4o']]);
  });

  it.each([
    ['sent again, and answered alike', { 'idempotency-key': 'sent-twice' }],
    ['made by somebody else meanwhile, so that nothing changes', {}],
  ])('is not older than that, where the change was %s', async (_, headers) => {
    const another = here.anotherInstance();
    const world = await aWorld();
    const { instance, relay } = await aCachingInstance(world);

    relay.cut();
    const first = disable(world, here, world.owner, headers);
    const isMade = () => db.modelSettings.findUnique({ where: { organizationId: world.organization.id } });
    await expect.poll(isMade, { ...patiently, interval: 5 }).not.toBe(null);
    const { after } = await readOn(instance, world, disable(world, another, world.owner, headers));

    expect([...after]).toEqual(['gpt-4o']);
    await first;
  });
});
