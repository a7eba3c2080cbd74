import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { InviteMember, membersOf } from '../kit/members.ts';
import { ReadSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db } = service;
const { setRole, remove, rolesIn } = membersOf(service);
const instance = service.anotherInstance();

/** What the other instance answers this person who wants to read. */
async function readsSettings({ organization }: World, as: { id: string }) {
  const { errors } = await instance.ask(ReadSettings, { organizationId: organization.id }, { as });
  return errors?.[0]?.extensions.code ?? 'OK';
}

describe('setMemberRole', () => {
  it('holds for the next request to another instance', async () => {
    const world = await aWorld();
    const newcomer = typeid('usr').toString();

    const raised = await setRole(world, world.owner, world.member.id, 'OWNER');
    const input = { organizationId: world.organization.id, userId: newcomer };
    const { data } = await instance.ask(InviteMember, { input }, { as: world.member });

    expect(raised).toEqual({ __typename: 'Membership', role: 'OWNER', user: { id: world.member.id } });
    expect(data?.inviteMember).toMatchObject({ __typename: 'Invitation' });
  });

  it('makes no revision for the role that a member has', async () => {
    const world = await aWorld();

    const same = await setRole(world, world.owner, world.owner.id, 'OWNER');

    expect(same).toMatchObject({ __typename: 'Membership', role: 'OWNER' });
    expect(await db.revision.count({ where: { organizationId: world.organization.id } })).toBe(0);
  });
});

describe('removeMember', () => {
  it('shuts the organization, its history and its configurations to the member at once', async () => {
    const world = await aWorld();
    const { organization, owner, admin } = world;
    await setRole(world, owner, world.member.id, 'ADMIN');

    const removed = await remove(world, owner, admin.id);

    expect(removed).toEqual({
      __typename: 'RemoveMemberPayload',
      organizationId: organization.id,
      userId: admin.id,
      revision: 2,
    });
    expect(await readsSettings(world, admin)).toBe('ORGANIZATION_ACCESS_DENIED');
    const revision = await db.revision.findFirstOrThrow({ where: { organizationId: organization.id } });
    const ofItsOwn = { userId: admin.id, creatorId: admin.id, provider: 'openai', modelId: 'gpt-4o' };
    const times = { createdAt: new Date(), updatedAt: new Date() };
    const config = await db.modelConfig.create({
      data: { id: typeid('cfg').toString(), organizationId: organization.id, ...ofItsOwn, ...times },
    });
    const { data } = await instance.ask<{ nodes: unknown[] }, { ids: string[] }>(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: [organization.id, revision.id, config.id, owner.id] },
      { as: admin },
    );
    expect(data?.nodes).toEqual([null, null, null, null]);
  });

  it('lets a member leave, and nobody but an owner send another away', async () => {
    const world = await aWorld();

    const refused = await remove(world, world.admin, world.member.id);
    const left = await remove(world, world.member, world.member.id);

    expect(refused).toMatchObject({ __typename: 'ModelgateForbiddenError', code: 'INSUFFICIENT_PERMISSIONS' });
    expect(left).toMatchObject({ __typename: 'RemoveMemberPayload' });
    expect(await rolesIn(world)).toEqual({ [world.owner.id]: 'OWNER', [world.admin.id]: 'ADMIN' });
  });

  it('does not shut out a token that names the organization: its issuer says who is a member', async () => {
    const world = await aWorld();
    const token = await mint({ sub: world.member.id, org_id: world.organization.id, org_role: 'org:admin' });

    await remove(world, world.owner, world.member.id);

    const { data } = await ask(ReadSettings, { organizationId: world.organization.id }, { token });
    expect(data?.organizationModelSettings.revision).toBe(1);
  });
});
