import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { anApiKey } from '../kit/keys.ts';
import { CreateOrganization } from '../kit/members.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { startService } from '../kit/service.ts';

const aUser = () => ({ id: typeid('usr').toString() });
const operator = aUser();
const operators = new Set([operator.id]);

const service = await startService({ organizationCreation: { creators: 'operators', operators } });
const { aWorld, db } = service;
const closed = service.anotherInstance({ organizationCreation: { creators: 'nobody', operators } });
const open = service.anotherInstance({ organizationCreation: { creators: 'anyone', operators: new Set() } });

type Asking = Parameters<typeof service.ask>[2];

const create = async (at: Pick<typeof service, 'ask'>, asking: Asking, name = 'Fernhill') =>
  (await at.ask(CreateOrganization, { name }, asking)).data?.createOrganization;

describe('who may create organizations', () => {
  it('is an operator, where operators may', async () => {
    const created = await create(service, { as: operator });

    expect(created).toMatchObject({ __typename: 'Organization', name: 'Fernhill' });
  });

  it('is nobody else there: the refusal says whom to ask, and creates nothing', async () => {
    const { owner } = await aWorld();
    const before = await db.organization.count();

    for (const as of [owner, aUser()]) {
      expect(await create(service, { as })).toMatchObject({
        __typename: 'ModelgateForbiddenError',
        code: 'INSUFFICIENT_PERMISSIONS',
        message: expect.stringMatching(/^Only operators of this service may create organizations: ask .* OPERATORS$/),
      });
    }
    expect(await create(service, { as: owner }, '')).toMatchObject({ __typename: 'ModelgateForbiddenError' });
    expect(await db.organization.count()).toBe(before);
  });

  it('is nobody, where nobody may: no operator either', async () => {
    const before = await db.organization.count();

    expect(await create(closed, { as: operator })).toMatchObject({
      __typename: 'ModelgateForbiddenError',
      code: 'INSUFFICIENT_PERMISSIONS',
      message: expect.stringContaining('"modelgate bootstrap"'),
    });
    expect(await db.organization.count()).toBe(before);
  });

  it('is everyone who is signed in, where anyone may', async () => {
    expect(await create(open, { as: aUser() })).toMatchObject({ __typename: 'Organization' });
  });

  it('is a platform key with the scopes, but where nobody may; without them it creates nothing', async () => {
    const key = await aPlatformKey(db, ['read', 'organizations:write']);
    const before = await db.organization.count();

    expect(await create(closed, { token: key.token })).toMatchObject({ message: expect.stringContaining('bootstrap') });
    for (const [scopes, lacking] of [
      [['read', 'policy:write', 'keys:use', 'usage:write'], 'organizations:write'],
      [['organizations:write'], 'read'],
    ] as const) {
      const { token } = await aPlatformKey(db, scopes);
      for (const at of [service, open]) {
        const refused = { message: `This platform key lacks the scope ${lacking}`, code: 'INSUFFICIENT_PERMISSIONS' };
        expect(await create(at, { token })).toMatchObject(refused);
      }
    }
    expect(await db.organization.count()).toBe(before);

    for (const at of [service, open])
      expect(await create(at, { token: key.token })).toMatchObject({ __typename: 'Organization', name: 'Fernhill' });
  });

  it('is no service with an API key and no anonymous caller, wherever', async () => {
    const { token } = await anApiKey(service, await aWorld(), ['READ', 'SETTINGS_WRITE']);

    for (const at of [service, closed, open]) {
      expect(await create(at, { token })).toMatchObject({ message: 'No API key may perform this action' });
      expect(await create(at, {})).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
    }
  });
});
