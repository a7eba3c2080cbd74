import { describe, expect, it } from 'vitest';
import { defaultMapping } from '../../src/auth/presets.ts';
import { mint, tokenOf, trustedIssuer } from '../kit/issuer.ts';
import { restOf } from '../kit/rest.ts';
import { ClearScope, setScope } from '../kit/scopes.ts';
import { type Service, startService } from '../kit/service.ts';
import { teamChangesOf } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const issuer = { ...trustedIssuer, mapping: { ...defaultMapping, teamsClaim: 'groups' } };
const service = await startService({ issuers: [issuer] });
const other = service.anotherInstance();
const { ask, aWorld, db, heard } = service;
const { created, setMembers } = teamChangesOf(service);

interface Asking {
  as?: { id: string };
  token?: string;
}

const Access = `query ($o: ID!, $s: ID) { modelAccess(organizationId: $o, modelKey: "gpt-5.5", subjectId: $s) { reasons }
  models(organizationId: $o, subjectId: $s, filter: { allowed: true, search: "gpt-5.5-2026" }) { totalCount } }`;

/** What an instance answers, with the number of statements that it took; `subjectId` is somebody else. */
async function asked(instance: Service, { organization }: World, asking: Asking, subjectId?: string) {
  instance.takeStatements();
  const { data, errors } = await instance.ask<
    { modelAccess: { reasons: string[] }; models: { totalCount: number } },
    Record<string, unknown>
  >(Access, { o: organization.id, s: subjectId ?? null }, { ...asking, once: true });
  expect(errors).toBe(undefined);
  return {
    statements: instance.takeStatements().length,
    reasons: data?.modelAccess.reasons,
    count: data?.models.totalCount,
  };
}

/** Asks until both instances answer from their caches: what was written before may be heard of a little later. */
async function cached(world: World, asking: Asking, subjectId?: string) {
  for (const instance of [service, other]) {
    await expect
      .poll(async () => (await asked(instance, world, asking, subjectId)).statements, { timeout: 10_000 })
      .toBe(0);
  }
}

/** What both instances answer now. */
async function both(world: World, asking: Asking, subjectId?: string) {
  const [one, two] = await Promise.all([service, other].map((instance) => asked(instance, world, asking, subjectId)));
  expect({ ...one, statements: 0 }).toEqual({ ...two, statements: 0 });
  return one;
}

const allowed = { reasons: [], count: 1 };
const disabled = { reasons: ['MODEL_DISABLED'], count: 0 };

describe('cached answers of a user', () => {
  it('change with the rules of the user, on every instance, before the change is acknowledged', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    await cached(world, { as: member });

    await setScope(service, world, member.id, { disabledModels: ['gpt-5.5'] });
    expect(await both(world, { as: member })).toMatchObject(disabled);
    await cached(world, { as: member });
    await ask(ClearScope, { input: { organizationId: organization.id, subjectId: member.id } }, { as: admin });

    expect(await both(world, { as: member })).toMatchObject(allowed);
  });

  it('change with the teams that the user is in, as with those that somebody else asks for it', async () => {
    const world = await aWorld();
    const { admin, member } = world;
    const team = await created(world);
    await setScope(service, world, team.id, { disabledModels: ['gpt-5.5'] });
    await cached(world, { as: member });
    await cached(world, { as: admin }, member.id);
    expect(await both(world, { as: admin }, team.id)).toMatchObject(disabled);

    await setMembers(world, { teamId: team.id, userIds: [member.id] });
    expect(await both(world, { as: member })).toMatchObject(disabled);
    expect(await both(world, { as: admin }, member.id)).toMatchObject(disabled);
    await cached(world, { as: member });
    await cached(world, { as: admin }, member.id);
    await setMembers(world, { teamId: team.id, userIds: [] });

    expect(await both(world, { as: member })).toMatchObject(allowed);
    expect(await both(world, { as: admin }, member.id)).toMatchObject(allowed);
  });

  it('change with its role, and once it leaves the organization, for whoever asks about it', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member } = world;
    await setScope(service, world, 'role_admin', { disabledModels: ['gpt-5.5'] });
    const change = (mutation: string) =>
      ask<Record<string, { __typename: string }>, { o: string; u: string }>(
        `mutation ($o: ID!, $u: ID!) { ${mutation} { __typename } }`,
        { o: organization.id, u: member.id },
        { as: owner },
      );
    await cached(world, { as: member });
    await cached(world, { as: admin }, member.id);

    await change('setMemberRole(input: { organizationId: $o, userId: $u, role: ADMIN })');
    expect(await both(world, { as: member })).toMatchObject(disabled);
    expect(await both(world, { as: owner }, member.id)).toMatchObject(disabled);
    await change('removeMember(input: { organizationId: $o, userId: $u })');

    expect(await both(world, { as: owner }, member.id)).toMatchObject({
      reasons: ['NOT_A_MEMBER'],
    });
  });

  it('change with the teams that its token names, though there is no revision', async () => {
    const world = await aWorld();
    const { organization, member } = world;
    const issuedAt = Math.floor(Date.now() / 1000);
    const tokenWith = (groups: string[], iat: number) =>
      mint({ sub: member.id, v: 2, o: { id: organization.id, rol: 'member' }, groups, iat });
    const before = await tokenWith(['research'], issuedAt - 20);
    await asked(service, world, { token: before });
    const { id } = await db.team.findFirstOrThrow({ where: { organizationId: organization.id } });
    await heard();
    await setScope(service, world, id, { disabledModels: ['gpt-5.5'] });
    expect(await both(world, { token: before })).toMatchObject(disabled);
    await cached(world, { as: world.admin }, member.id);
    expect(await both(world, { as: world.admin }, member.id)).toMatchObject(disabled);

    const after = await tokenWith(['sales'], issuedAt - 10);
    await asked(service, world, { token: after });

    expect(await both(world, { token: after })).toMatchObject(allowed);
    await heard();
    expect(await both(world, { as: world.admin }, member.id)).toMatchObject(allowed);
  });

  it('change at the REST routes too', async () => {
    const world = await aWorld();
    const { organization, member } = world;
    await tokenOf(member);
    const listed = async (instance: Service) => {
      const { body } = await restOf(instance)('GET', `/v1/organizations/${organization.id}/models`, {
        as: member,
        once: true,
      });
      return body.models.some(({ id }: { id: string }) => id === 'mdl_openai/gpt-5.5');
    };
    for (const instance of [service, other, service, other, service, other]) expect(await listed(instance)).toBe(true);

    await setScope(service, world, 'role_member', { disabledModels: ['gpt-5.5'] });

    expect([await listed(service), await listed(other)]).toEqual([false, false]);
  });
});
