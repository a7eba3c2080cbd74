import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { anApiKey } from '../kit/keys.ts';
import { CreateOrganization, InviteMember, RemoveMember } from '../kit/members.ts';
import { startService } from '../kit/service.ts';
import { aReport, ReadUsage, RecordUsage } from '../kit/usage.ts';

const service = await startService();
const { ask, aWorld, db } = service;

describe('a service', () => {
  it('with the scope usage:write reports usage, of any configuration of its organization', async () => {
    const world = await aWorld();
    const { organization, member } = world;
    const { token } = await anApiKey(service, world, ['USAGE_WRITE']);
    const config = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4o' };
    const { id } = await db.modelConfig.create({
      data: {
        ...config,
        id: typeid('cfg').toString(),
        userId: member.id,
        creatorId: member.id,
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    });

    const input = { organizationId: organization.id, records: [aReport({ modelConfigId: id })] };
    const { data } = await ask(RecordUsage, { input }, { token });

    expect(data?.recordModelUsage).toMatchObject({ recorded: 1 });
    expect(await db.usageRecord.findFirst({ where: { organizationId: organization.id } })).toMatchObject({
      ...config,
      modelConfigId: id,
    });
  });

  it.each([
    ['without the scope usage:write', 'READ'],
    ['of another organization', 'USAGE_WRITE'],
  ] as const)('%s reports nothing', async (_, scope) => {
    const [world, other] = [await aWorld(), await aWorld()];
    const { token } = await anApiKey(service, scope === 'READ' ? world : other, [scope]);

    const input = { organizationId: world.organization.id, records: [aReport()] };
    const { data } = await ask(RecordUsage, { input }, { token });

    expect(data?.recordModelUsage).toMatchObject({ __typename: 'ModelgateForbiddenError' });
    expect(await db.usageRecord.count({ where: { organizationId: world.organization.id } })).toBe(0);
  });

  it('reads usage with the scope read alone', async () => {
    const world = await aWorld();
    const codeFor = async (scope: 'READ' | 'USAGE_WRITE') => {
      const { token } = await anApiKey(service, world, [scope]);
      const { errors } = await ask(ReadUsage, { organizationId: world.organization.id }, { token });
      return errors?.[0]?.extensions.code ?? 'OK';
    };

    expect([await codeFor('READ'), await codeFor('USAGE_WRITE')]).toEqual(['OK', 'INSUFFICIENT_PERMISSIONS']);
  });

  it('neither creates organizations nor changes members, whatever its scopes', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ', 'USAGE_WRITE', 'KEYS_USE', 'SETTINGS_WRITE']);
    const input = { organizationId: world.organization.id, userId: world.member.id };

    const created = await ask(CreateOrganization, { name: 'Fernhill' }, { token });
    const invited = await ask(InviteMember, { input: { ...input, userId: 'usr_newcomer' } }, { token });
    const removed = await ask(RemoveMember, { input }, { token });

    const refused = { __typename: 'ModelgateForbiddenError', code: 'INSUFFICIENT_PERMISSIONS' };
    expect(created.data?.createOrganization).toMatchObject(refused);
    expect(invited.data?.inviteMember).toMatchObject(refused);
    expect(removed.data?.removeMember).toMatchObject(refused);
  });
});
