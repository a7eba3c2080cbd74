import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { anApiKey } from '../kit/keys.ts';
import { CreateOrganization } from '../kit/members.ts';
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

  it('is no service and no anonymous caller, wherever', async () => {
    const { token } = await anApiKey(service, await aWorld(), ['READ', 'SETTINGS_WRITE']);

    for (const at of [service, closed, open]) {
      expect(await create(at, { token })).toMatchObject({ message: 'No API key may perform this action' });
      expect(await create(at, {})).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
    }
  });
});
