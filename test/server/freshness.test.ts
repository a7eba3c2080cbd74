import { describe, expect, it, onTestFinished } from 'vitest';
import { startRelay } from '../commands/relay.ts';
import { mint } from '../kit/issuer.ts';
import { anApiKey, aProviderKey, ReadProviderKeySecret, RevokeApiKey } from '../kit/keys.ts';
import { CreateOrganization, membersOf } from '../kit/members.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { nothingRemembered, type Service, startService } from '../kit/service.ts';
import { loseFeeds } from '../kit/subscriptions.ts';
import type { World } from '../kit/world.ts';

const here = await startService();
const { aWorld, database, db, heard } = here;
const there = here.anotherInstance();
const { setRole, remove } = membersOf(here);

const may = `query ($organizationId: ID!) {
  organizationModelSettings(organizationId: $organizationId) { disabledModels }
  caller { memberships { role } }
}`;

interface May {
  organizationModelSettings: { disabledModels: string[] };
  caller: { memberships: { role: string }[] };
}

/** What an instance says to this token: the models that are disabled, and the role; or why it says nothing. */
async function told(instance: Service, { organization }: World, token: string) {
  const { data, errors } = await instance.ask<May, { organizationId: string }>(
    may,
    { organizationId: organization.id },
    { token },
  );
  if (errors) return errors[0]?.extensions.code;
  return [data?.organizationModelSettings.disabledModels, data?.caller.memberships.map(({ role }) => role)].flat(2);
}

/** An instance that may use its caches. */
async function listening(instance: Service): Promise<Service> {
  await expect.poll(() => instance.lease.isHeld, { timeout: 10_000 }).toBe(true);
  return instance;
}

async function disable(world: World, model: string, instance: Service = here): Promise<void> {
  const input = { organizationId: world.organization.id, disabledModels: [model] };
  const { data } = await instance.ask(UpdateSettings, { input }, { as: world.owner });
  expect(data?.updateModelSettings).toMatchObject({ disabledModels: [model] });
}

/** A world with a member that is known to these instances, so that they ask the database no more. */
async function aKnownWorld(...instances: Service[]) {
  const world = await aWorld();
  const token = await mint({ sub: world.member.id });
  const { id: apiKeyId, token: apiKey } = await anApiKey(here, world, ['READ']);
  await heard();
  for (const instance of instances) {
    // An API key is known from the second time on.
    for (const shown of [token, apiKey, apiKey]) await told(instance, world, shown);
    instance.takeStatements();
  }
  return { world, token, apiKey, apiKeyId };
}

describe('what was read', () => {
  it('is not read again, nor is who asks', async () => {
    const instance = await listening(there);
    const { world, token, apiKey } = await aKnownWorld(instance);

    const answers = [await told(instance, world, token), await told(instance, world, apiKey)];

    expect(answers).toEqual([['MEMBER'], []]);
    expect(instance.takeStatements()).toEqual([]);
  });

  it('is read again after a change: wherever, once that was acknowledged', async () => {
    const instance = await listening(there);
    const { world, token } = await aKnownWorld(here, instance);

    await disable(world, 'gpt-4o');
    const answers = [await told(here, world, token), await told(instance, world, token)];

    expect(answers).toEqual(Array(2).fill(['gpt-4o', 'MEMBER']));
  });

  it('is read again after a change with an Idempotency-Key, which others saw later than it was made', async () => {
    const { world, token } = await aKnownWorld(here);
    const input = { organizationId: world.organization.id, disabledModels: ['gpt-4o'] };
    const asking = { as: world.owner, headers: { 'idempotency-key': 'once' } };
    // Its answer cannot be stored meanwhile: the change is made, and not committed.
    let letGo = () => {};
    const isHeld = new Promise<void>((resolve) => {
      const holding = db.$transaction(async (tx) => {
        await tx.$executeRaw`LOCK TABLE "IdempotentAnswer" IN SHARE MODE`;
        await new Promise<void>((free) => {
          letGo = free;
          resolve();
        });
      });
      onTestFinished(() => holding);
    });
    await isHeld;
    const change = here.ask(UpdateSettings, { input }, asking);
    await expect.poll(waitingForLocks).toBe(1);

    const meanwhile = await told(here, world, token);
    letGo();
    await change;

    expect(meanwhile).toEqual(['MEMBER']);
    expect(await told(here, world, token)).toEqual(['gpt-4o', 'MEMBER']);
  });

  it.each([nothingRemembered, { bytes: 0, entries: 10 }, { bytes: 10, entries: 0 }])(
    'is read each time where nothing shall be remembered: %j',
    async (cache) => {
      const instance = await listening(here.anotherInstance({ cache }));
      const { world, token, apiKey } = await aKnownWorld(instance);

      await told(instance, world, token);
      await told(instance, world, apiKey);

      expect(instance.takeStatements()).toHaveLength(4);
    },
  );

  it('is forgotten where there is too much of it', async () => {
    const instance = await listening(here.anotherInstance({ cache: { bytes: 1, entries: 4 } }));
    const { world, token } = await aKnownWorld(instance);
    await told(instance, world, token);
    await aKnownWorld(instance);
    await aKnownWorld(instance);

    await told(instance, world, token);

    expect(instance.takeStatements()).toHaveLength(2);
  });
});

describe('who has lost a right', () => {
  it.each<[string, (given: Awaited<ReturnType<typeof aKnownWorld>>) => Promise<unknown>, unknown]>([
    [
      'its API key',
      ({ world, apiKeyId }) => here.ask(RevokeApiKey, { input: { id: apiKeyId } }, { as: world.owner }),
      [['MEMBER'], 'AUTHENTICATION_REQUIRED'],
    ],
    ['its membership', ({ world }) => remove(world, world.owner, world.member.id), ['ORGANIZATION_ACCESS_DENIED', []]],
    ['its role', ({ world }) => setRole(world, world.owner, world.member.id, 'ADMIN'), [['ADMIN'], []]],
    [
      'its membership, by SQL',
      ({ world }) => db.membership.deleteMany({ where: { userId: world.member.id } }).then(heard),
      ['ORGANIZATION_ACCESS_DENIED', []],
    ],
    [
      'its API key, by SQL',
      ({ apiKeyId }) => db.apiKey.delete({ where: { id: apiKeyId } }).then(heard),
      [['MEMBER'], 'AUTHENTICATION_REQUIRED'],
    ],
  ])('as %s is known wherever, once that was acknowledged', async (_, lose, after) => {
    const instance = await listening(there);
    const given = await aKnownWorld(here, instance);
    const { world, token, apiKey } = given;
    const tell = async (service: Service) => [await told(service, world, token), await told(service, world, apiKey)];

    await lose(given);

    expect([await tell(here), await tell(instance)]).toEqual([after, after]);
  });

  it('is told no plaintext, even where that was not heard of', async () => {
    const relay = await startRelay(database.url);
    const deaf = await listening(here.anotherInstance({ feedUrl: relay.url }));
    const world = await aWorld();
    const key = await aProviderKey(here, world);
    const { id, token } = await anApiKey(here, world, ['READ', 'KEYS_USE']);
    const secret = async () => {
      const { data, errors } = await deaf.ask(ReadProviderKeySecret, { id: key.id }, { token });
      return data?.providerKeySecret.secret ?? errors?.[0]?.extensions.code;
    };
    await heard();
    for (const expected of [key.secret, key.secret]) expect(await secret()).toBe(expected);

    relay.cut();
    await here.ask(RevokeApiKey, { input: { id } }, { as: world.owner });

    expect(await secret()).toBe('AUTHENTICATION_REQUIRED');
  });

  it('and who has gained one: an organization that was just created can be entered', async () => {
    const { world, token } = await aKnownWorld(here);

    const { data } = await here.ask(CreateOrganization, { name: 'Newly made' }, { as: world.member });

    expect(data?.createOrganization.__typename).toBe('Organization');
    expect(await told(here, world, token)).toEqual(['MEMBER', 'OWNER'].toSorted());
  });
});

describe('while changes are not heard of', () => {
  it('the database is asked each time, and nothing stale is answered', async () => {
    const instance = await listening(here.anotherInstance());
    const { world, token, apiKey, apiKeyId } = await aKnownWorld(instance);

    await instance.changeFeed.close();
    const unchanged = await told(instance, world, token);
    const statements = instance.takeStatements();
    await disable(world, 'gpt-4o');
    const changed = await told(instance, world, token);
    await setRole(world, world.owner, world.member.id, 'ADMIN');
    const promoted = await told(instance, world, token);
    await here.ask(RevokeApiKey, { input: { id: apiKeyId } }, { as: world.owner });
    const revoked = await told(instance, world, apiKey);
    await remove(world, world.owner, world.member.id);
    const removed = await told(instance, world, token);

    expect(statements).toHaveLength(2);
    expect({ unchanged, changed, promoted, revoked, removed }).toEqual({
      unchanged: ['MEMBER'],
      changed: ['gpt-4o', 'MEMBER'],
      promoted: ['gpt-4o', 'ADMIN'],
      revoked: 'AUTHENTICATION_REQUIRED',
      removed: 'ORGANIZATION_ACCESS_DENIED',
    });
  });

  it('those who come together are looked up together, and each is told its own', async () => {
    const instance = await listening(here.anotherInstance());
    const worlds = await Promise.all(Array.from({ length: 12 }, () => aWorld()));
    const asking = await Promise.all(
      worlds.map(async (world, index) => {
        if (index % 2) await disable(world, `model-${index}`);
        return { world, token: await mint({ sub: (index % 3 ? world.member : world.stranger).id }) };
      }),
    );
    await instance.changeFeed.close();
    instance.takeStatements();

    const answers = await Promise.all(asking.map(({ world, token }) => told(instance, world, token)));

    expect(answers).toEqual(
      worlds.map((_, index) => {
        if (index % 3 === 0) return 'ORGANIZATION_ACCESS_DENIED';
        return index % 2 ? [`model-${index}`, 'MEMBER'] : ['MEMBER'];
      }),
    );
    expect(instance.takeStatements().length).toBeLessThan(12);
  });

  it('what was remembered before is forgotten; it is remembered again once they are', async () => {
    const instance = await listening(here.anotherInstance());
    const { world, token } = await aKnownWorld(instance);
    let isMissed = false;
    instance.changeFeed.subscribe(({ kind }) => {
      isMissed ||= kind === 'disconnected';
    });

    await loseFeeds(database);
    await disable(world, 'gpt-4o');
    await expect.poll(() => isMissed).toBe(true);
    const missed = await told(instance, world, token);
    await listening(instance);
    await told(instance, world, token);
    instance.takeStatements();
    const again = await told(instance, world, token);

    expect([missed, again]).toEqual([
      ['gpt-4o', 'MEMBER'],
      ['gpt-4o', 'MEMBER'],
    ]);
    expect(instance.takeStatements()).toEqual([]);
  });
});

/** How many statements wait for a lock. */
async function waitingForLocks(): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS "count" FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE d.datname = current_database() AND NOT l.granted`;
  return row?.count ?? 0;
}
