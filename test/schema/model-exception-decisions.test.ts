import { beforeEach, describe, expect, it } from 'vitest';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { anEntry } from '../catalog/entries.ts';
import { CreateConfig } from '../kit/config-operations.ts';
import { exceptionsOf, made } from '../kit/exceptions.ts';
import { anApiKey } from '../kit/keys.ts';
import { membersOf } from '../kit/members.ts';
import { AskAccess, UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { type Service, startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const hourMs = 60 * 60 * 1000;

const catalog = createCatalog([
  anEntry({ modelId: 'strong', baseModel: 'strong' }),
  anEntry({ modelId: 'small', baseModel: 'small', displayOrder: 1 }),
  anEntry({ modelId: 'retired', baseModel: 'retired', retiresAt: '2026-01-01', displayOrder: 2 }),
]);

// The database leaves out what has ended long ago by its own clock, so that tests begin at the present.
let now = new Date();
const clock = () => now;
const service = await startService({ catalog, clock });
const other = service.anotherInstance();
const { ask, aWorld, db } = service;
const { request, grant, decide, revoke, listedTo } = exceptionsOf(service, clock);
const inAnHour = () => new Date(now.getTime() + hourMs);

beforeEach(() => {
  now = new Date();
});

type Asker = { as: { id: string } } | { token: string };

/** A world whose organization has disabled the strong model, and the one that has retired. */
async function aStrictWorld(): Promise<World> {
  const world = await aWorld();
  const input = { organizationId: world.organization.id, disabledModels: ['strong', 'retired'] };
  const { data } = await ask(UpdateSettings, { input }, { as: world.owner });
  expect(data?.updateModelSettings).toMatchObject({ disabledModels: ['strong', 'retired'] });
  return world;
}

async function accessTo(modelKey: string, { organization }: World, asker: Asker, instance: Service = service) {
  const { data } = await instance.ask(AskAccess, { organizationId: organization.id, modelKey }, asker);
  return data?.modelAccess;
}

const mayUse = async (...asked: Parameters<typeof accessTo>) => (await accessTo(...asked))?.allowed;

describe('an exception lifts what the policy has against a model', () => {
  it('for its subject alone, from the grant on', async () => {
    const world = await aStrictWorld();
    const { admin, owner, member } = world;
    const requested = made(await request(world, member, { models: ['strong'] }));
    expect(await mayUse('strong', world, { as: member })).toBe(false);

    made(await decide(world, admin, requested));

    expect(await accessTo('strong', world, { as: member })).toMatchObject({ allowed: true, reasons: [], revision: 3 });
    for (const as of [owner, admin]) {
      expect(await accessTo('strong', world, { as })).toMatchObject({ allowed: false, reasons: ['MODEL_DISABLED'] });
    }
  });

  it('for a role, the members of a team, and an API key', async () => {
    const world = await aStrictWorld();
    const { organization, owner, admin, member } = world;
    const team = await aTeam(db, organization, { members: [admin] });
    const [key, otherKey] = [await anApiKey(service, world, ['READ']), await anApiKey(service, world, ['READ'])];
    const users: Asker[] = [
      { as: owner },
      { as: admin },
      { as: member },
      { token: key.token },
      { token: otherKey.token },
    ];
    const allowed = async () => Promise.all(users.map((user) => mayUse('strong', world, user)));
    expect(await allowed()).toEqual([false, false, false, false, false]);

    const granted = made(await grant(world, owner, { subjectId: team.id, models: ['strong'] }));
    expect(await allowed()).toEqual([false, true, false, false, false]);
    await revoke(world, owner, granted);
    made(await grant(world, owner, { subjectId: 'role_member', models: ['str*'] }));
    expect(await allowed()).toEqual([false, false, true, false, false]);
    made(await grant(world, owner, { subjectId: key.id, models: ['openai/*'] }));
    expect(await allowed()).toEqual([false, false, true, true, false]);
  });

  it('for no other model, and not a retirement', async () => {
    const world = await aStrictWorld();
    const { admin, member } = world;
    await ask(
      UpdateSettings,
      { input: { organizationId: world.organization.id, disabledModels: ['strong', 'small', 'retired'] } },
      { as: admin },
    );

    made(await grant(world, admin, { subjectId: member.id, models: ['strong', 'retired'] }));

    expect(await mayUse('strong', world, { as: member })).toBe(true);
    expect(await mayUse('small', world, { as: member })).toBe(false);
    const retired = await accessTo('retired', world, { as: member });
    expect(retired).toMatchObject({ allowed: false, reasons: ['RETIRED', 'MODEL_DISABLED'] });
  });

  it('in its organization alone', async () => {
    const world = await aStrictWorld();
    const { foreignOrganization, stranger, member } = world;
    const theirs = { ...world, organization: foreignOrganization };

    made(await grant(theirs, stranger, { subjectId: 'role_member', models: ['strong'] }));

    expect(await mayUse('strong', world, { as: member })).toBe(false);
  });

  it('until it is revoked; a denied one lifts nothing', async () => {
    const world = await aStrictWorld();
    const { admin, member } = world;
    await decide(world, admin, made(await request(world, member, { models: ['strong'] })), { grant: false });
    expect(await mayUse('strong', world, { as: member })).toBe(false);
    const granted = made(await grant(world, admin, { subjectId: member.id, models: ['strong'] }));
    expect(await mayUse('strong', world, { as: member })).toBe(true);

    made(await revoke(world, admin, granted));

    expect(await mayUse('strong', world, { as: member })).toBe(false);
  });

  it('until its subject leaves the organization: whoever comes back has none, and the history names those that ended', async () => {
    const world = await aStrictWorld();
    const { organization, owner, admin, member } = world;
    const granted = made(await grant(world, admin, { subjectId: member.id, models: ['strong'] }));
    const requested = made(await request(world, member, { models: ['strong'] }));
    const others = made(await grant(world, admin, { subjectId: 'role_member', models: ['small'] }));

    await membersOf(service).remove(world, owner, member.id);
    await db.membership.create({ data: { organizationId: organization.id, userId: member.id, role: 'MEMBER' } });
    await service.heard();

    expect(await accessTo('strong', world, { as: member })).toMatchObject({ allowed: false });
    const states = (await listedTo(world, admin))?.map(({ id, state }) => [id, state]);
    expect(Object.fromEntries(states ?? [])).toEqual({
      [granted.id]: 'REVOKED',
      [requested.id]: 'REVOKED',
      [others.id]: 'GRANTED',
    });
    const entry = await db.revision.findFirstOrThrow({
      where: { organizationId: organization.id, action: 'MEMBER_REMOVED' },
    });
    expect(entry.before).toEqual({ role: 'MEMBER', exceptionIds: [granted.id, requested.id].sort() });
  });

  it('and the decision names it to whom it is for', async () => {
    const world = await aStrictWorld();
    const { organization, admin, member } = world;
    const granted = made(await grant(world, admin, { subjectId: member.id, models: ['strong'] }));
    const named = async (modelKey: string, as: { id: string }) => {
      const query = `query ($o: ID!, $m: String!) { modelAccess(organizationId: $o, modelKey: $m) {
        allowed validUntil exception { id state until reason decidedBy { id } } } }`;
      const { data } = await ask<{ modelAccess: unknown }, { o: string; m: string }>(
        query,
        { o: organization.id, m: modelKey },
        { as },
      );
      return data?.modelAccess;
    };

    const { id, state, until, reason } = granted;
    expect(await named('strong', member)).toEqual({
      ...{ allowed: true, validUntil: until },
      exception: { id, state, until, reason, decidedBy: { id: admin.id } },
    });
    expect(await named('small', member)).toEqual({ allowed: true, validUntil: null, exception: null });
    expect(await named('strong', admin)).toEqual({ allowed: false, validUntil: null, exception: null });
    now = new Date(until);
    expect(await named('strong', member)).toEqual({ allowed: false, validUntil: null, exception: null });
  });
});

describe('of another subject', () => {
  it('owners and admins are told the exception, and services that may read the decision alone', async () => {
    const world = await aStrictWorld();
    const { organization, owner, admin, member } = world;
    const { token } = await anApiKey(service, world, ['READ']);
    const { id, until } = made(await grant(world, admin, { subjectId: member.id, models: ['strong'] }));
    const query = `query ($o: ID!, $s: ID!) { modelAccess(organizationId: $o, modelKey: "strong", subjectId: $s) {
      allowed validUntil exception { id } } }`;
    const told = async (asker: Asker) => {
      const { data, errors } = await ask<{ modelAccess: unknown }, { o: string; s: string }>(
        query,
        { o: organization.id, s: member.id },
        asker,
      );
      return errors?.[0]?.extensions.code ?? data?.modelAccess;
    };

    const decision = { allowed: true, validUntil: until };
    expect(await told({ as: owner })).toEqual({ ...decision, exception: { id } });
    expect(await told({ as: member })).toEqual({ ...decision, exception: { id } });
    expect(await told({ token })).toEqual({ ...decision, exception: null });
  });
});

const listed = `query ($o: ID!) {
  models(organizationId: $o, filter: { allowed: true }) { edges { node { id } } totalCount }
  modelGroups(organizationId: $o) { options { model { id } access { allowed } } }
  modelConfigs(organizationId: $o, filter: { allowed: true }) { totalCount }
  organization(id: $o) { effectiveDefaultModel { model { id } } }
}`;

describe('all that tells whether a model may be used', () => {
  it('takes the exception in, and its end: lists, groups, configurations, defaults and REST', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member } = world;
    const organizationId = organization.id;
    const config = {
      organizationId,
      provider: 'openai',
      modelId: 'strong',
      scope: 'ORGANIZATION' as const,
      isDefault: true,
    };
    await ask(CreateConfig, { input: config }, { as: owner });
    await ask(UpdateSettings, { input: { organizationId, disabledModels: ['strong'] } }, { as: owner });
    const told = async (as: { id: string }) => {
      const { data, errors } = await ask(listed, { o: organizationId }, { as });
      const { status, body } = await restOf(service)('GET', `/v1/organizations/${organizationId}/models`, { as });
      expect([errors, status]).toEqual([undefined, 200]);
      return JSON.stringify([data, body]);
    };
    const without = await told(member);
    expect(without).toContain('"totalCount":1');
    const ofAdmin = await told(admin);

    made(await grant(world, admin, { subjectId: member.id, models: ['strong'], until: inAnHour().toISOString() }));
    const [withException, ofOther] = [await told(member), await told(admin)];
    now = inAnHour();

    expect(withException).toContain(
      '{"edges":[{"node":{"id":"mdl_openai/strong"}},{"node":{"id":"mdl_openai/small"}}],"totalCount":2}',
    );
    expect(withException).toContain('"modelConfigs":{"totalCount":1}');
    expect(withException).toContain('"effectiveDefaultModel":{"model":{"id":"mdl_openai/strong"}}');
    expect(ofOther).toBe(ofAdmin);
    expect(await told(member)).toBe(without);
  });
});

describe('two instances', () => {
  it('agree on a grant and a revocation as soon as these are answered', async () => {
    const world = await aStrictWorld();
    const { admin, member } = world;
    const asker = { as: member };
    await expect.poll(() => other.lease.isHeld, { timeout: 10_000 }).toBe(true);
    for (const _ of [1, 2]) expect(await mayUse('strong', world, asker, other)).toBe(false);

    const granted = made(await grant(world, admin, { subjectId: member.id, models: ['strong'] }));
    expect(await mayUse('strong', world, asker, other)).toBe(true);
    made(await revoke(world, admin, granted));

    expect(await mayUse('strong', world, asker, other)).toBe(false);
  });

  it('hear of what is written past the ledger', async () => {
    const world = await aStrictWorld();
    const { organization, admin, member } = world;
    const { id } = made(await grant(world, admin, { subjectId: member.id, models: ['strong'] }));
    for (const instance of [service, other]) expect(await mayUse('strong', world, { as: member }, instance)).toBe(true);

    const place = { organizationId_id: { organizationId: organization.id, id } };
    await db.modelException.update({ where: place, data: { state: 'REVOKED' } });
    await service.heard();

    for (const instance of [service, other])
      expect(await mayUse('strong', world, { as: member }, instance)).toBe(false);
  });
});

describe('reading exceptions', () => {
  it('takes no statement of its own', async () => {
    const world = await aStrictWorld();
    const { admin, member } = world;
    const cold = async () => {
      const instance = service.anotherInstance({ cache: { bytes: 0, entries: 0 } });
      await mayUse('strong', world, { as: member }, instance);
      instance.takeStatements();
      await mayUse('strong', world, { as: member }, instance);
      return instance.takeStatements().length;
    };
    const without = await cold();

    for (const models of [['strong'], ['small'], ['openai/*']])
      made(await grant(world, admin, { subjectId: member.id, models }));

    expect(await cold()).toBe(without);
  });
});
