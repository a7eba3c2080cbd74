import { describe, expect, it } from 'vitest';
import { lockOrganization } from '../commands/organization-lock.ts';
import { mint } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { aMember } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, database, db } = service;
const instances = [service, service.anotherInstance()];

type Answers = Record<string, { __typename: string; code?: string }>;

describe('a right that is lost', () => {
  it('counts for no change that comes after, however early its request came', async () => {
    const { organization, owner } = await aWorld();
    const rogue = await aMember(db, organization, 'OWNER');
    const add = (index: number) =>
      instances[index % 2]?.ask<Answers, Record<string, never>>(
        `mutation { inviteMember(input: { organizationId: "${organization.id}", userId: "usr_friend${index}${rogue.id.slice(4)}" }) {
          __typename ... on ModelgateError { code } } }`,
        {},
        { as: rogue },
      );
    const remove = () =>
      ask(
        `mutation { removeMember(input: { organizationId: "${organization.id}", userId: "${rogue.id}" }) { __typename } }`,
        {},
        { as: owner },
      );

    await Promise.all(Array.from({ length: 30 }, (_, index) => (index === 10 ? remove() : add(index))));

    const entries = await db.revision.findMany({
      where: { organizationId: organization.id },
      orderBy: { number: 'asc' },
    });
    const removal = entries.findIndex(({ action }) => action === 'MEMBER_REMOVED');
    expect(removal).toBeGreaterThanOrEqual(0);
    expect(entries.slice(removal + 1).filter(({ actorId }) => actorId === rogue.id)).toEqual([]);
  });

  it('is lost for the rest of the document that gives it away', async () => {
    const { organization, owner } = await aWorld();
    const rogue = await aMember(db, organization, 'OWNER');

    const { data } = await ask<Answers, Record<string, never>>(
      `mutation {
        a: setMemberRole(input: { organizationId: "${organization.id}", userId: "${rogue.id}", role: MEMBER }) { __typename }
        b: inviteMember(input: { organizationId: "${organization.id}", userId: "usr_backdoor", role: OWNER }) {
          __typename ... on ModelgateError { code } }
      }`,
      {},
      { as: rogue },
    );

    expect(data?.a?.__typename).not.toBe('ModelgateForbiddenError');
    expect(data?.b).toEqual({ __typename: 'ModelgateForbiddenError', code: 'INSUFFICIENT_PERMISSIONS' });
    expect(owner.id).not.toBe(rogue.id);
  });

  it('is lost to an API key that is revoked while its change waits', async () => {
    const world = await aWorld();
    const { organization } = world;
    const { id, token } = await anApiKey(service, world, ['SETTINGS_WRITE']);
    const held = await lockOrganization(database.ownerUrl, organization.id);
    const input = { organizationId: organization.id, disabledModels: ['x'] };
    const change = ask(UpdateSettings, { input }, { token });
    await held.isAwaitedBy(1);

    await held.query('UPDATE "ApiKey" SET "revokedAt" = now() WHERE "id" = $1', [id]);
    await held.commit();

    expect((await change).data?.updateModelSettings).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
    expect(await db.modelSettings.count({ where: { organizationId: organization.id } })).toBe(0);
  });

  it('is asked of the token where the token says it', async () => {
    const { organization, stranger } = await aWorld();
    const token = await mint({ sub: stranger.id, v: 2, o: { id: organization.id, rol: 'admin' } });

    const input = { organizationId: organization.id, disabledModels: ['x'] };
    const { data } = await ask(UpdateSettings, { input }, { token });

    expect(data?.updateModelSettings).toMatchObject({ __typename: 'OrganizationModelSettings', revision: 1 });
  });
});
