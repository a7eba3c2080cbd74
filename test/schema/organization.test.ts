import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { mint } from '../kit/issuer.ts';
import { CreateOrganization, InviteMember, MyMemberships } from '../kit/members.ts';
import { ReadHistory, UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { ask, aWorld, db, takeStatements } = service;
const instance = service.anotherInstance();

const aNewcomer = () => ({ id: typeid('usr').toString() });

const MyRevisions = graphql(`
  query MyRevisions {
    caller {
      memberships {
        organization {
          revision
          revisions(first: 1) {
            totalCount
          }
        }
      }
    }
  }
`);

const MySettings = graphql(`
  query MySettings {
    caller {
      memberships {
        organization {
          modelSettings {
            revision
          }
          revision
        }
      }
    }
  }
`);

describe('the revision of an organization', () => {
  it('is read without its settings, and is theirs where they are read', async () => {
    const { organization, owner, admin } = await aWorld();
    const input = { organizationId: organization.id, disabledModels: ['gpt-4o'] };
    await ask(UpdateSettings, { input }, { as: admin });

    takeStatements();
    const alone = await ask(MyRevisions, {}, { as: owner });
    const statements = takeStatements();
    const besides = await ask(MySettings, {}, { as: owner });

    expect(alone.data?.caller.memberships).toEqual([{ organization: { revision: 1, revisions: { totalCount: 1 } } }]);
    expect(statements.filter((sql) => sql.includes('ModelSettings'))).toEqual([]);
    expect(besides.data?.caller.memberships).toEqual([
      { organization: { revision: 1, modelSettings: { revision: 1 } } },
    ]);
  });
});

describe('createOrganization', () => {
  it('makes the caller its owner, at revision 1, on every instance at once', async () => {
    const newcomer = aNewcomer();

    const { data } = await ask(CreateOrganization, { name: '  Fernhill  ' }, { as: newcomer });
    const created = data?.createOrganization;

    expect(created).toEqual({
      __typename: 'Organization',
      id: expect.stringMatching(/^org_[0-9a-z]{26}$/),
      name: 'Fernhill',
      revision: 1,
      members: { edges: [{ node: { role: 'OWNER', user: { id: newcomer.id } } }] },
    });
    const id = created && 'id' in created ? created.id : '';
    const mine = await instance.ask(MyMemberships, {}, { as: newcomer });
    expect(mine.data?.caller.memberships).toEqual([{ role: 'OWNER', organization: { id, name: 'Fernhill' } }]);
    const input = { organizationId: id, userId: aNewcomer().id, expectedRevision: 1 };
    const invited = await instance.ask(InviteMember, { input }, { as: newcomer });
    expect(invited.data?.inviteMember).toMatchObject({ __typename: 'Invitation', role: 'MEMBER' });
  });

  it('begins the ledger', async () => {
    const newcomer = aNewcomer();
    const { data } = await ask(CreateOrganization, { name: 'Fernhill' }, { as: newcomer });
    const id = data?.createOrganization && 'id' in data.createOrganization ? data.createOrganization.id : '';

    const history = await ask(ReadHistory, { organizationId: id }, { as: newcomer });

    expect(history.data?.organization?.revisions?.edges.map(({ node }) => node)).toMatchObject([
      {
        number: 1,
        action: 'ORGANIZATION_CREATED',
        subjectId: id,
        actor: { id: newcomer.id },
        changes: [
          { field: 'name', added: ['Fernhill'], removed: [] },
          { field: 'ownerId', added: [newcomer.id], removed: [] },
        ],
      },
    ]);
  });

  it.each(['', '   ', 'x'.repeat(201), 'a\u0000b'])('refuses the name "%s", and creates nothing', async (name) => {
    const { member } = await aWorld();
    const before = await db.organization.count();

    const { data } = await ask(CreateOrganization, { name }, { as: member });

    expect(data?.createOrganization).toMatchObject({
      __typename: 'ModelgateValidationError',
      issues: [{ path: 'name' }],
    });
    expect(await db.organization.count()).toBe(before);
  });

  it('asks an anonymous caller to sign in', async () => {
    const { data } = await ask(CreateOrganization, { name: 'Fernhill' });

    expect(data?.createOrganization).toMatchObject({
      __typename: 'ModelgateUnauthenticatedError',
      code: 'AUTHENTICATION_REQUIRED',
    });
  });

  it('leaves a token that names another organization in that one', async () => {
    const { organization, member } = await aWorld();
    const token = await mint({ sub: member.id, org_id: organization.id, org_role: 'org:member' });

    await ask(CreateOrganization, { name: 'Fernhill' }, { token });

    const named = await ask(MyMemberships, {}, { token });
    const free = await ask(MyMemberships, {}, { as: member });
    expect(named.data?.caller.memberships).toMatchObject([{ role: 'MEMBER', organization: { id: organization.id } }]);
    expect(free.data?.caller.memberships).toHaveLength(2);
  });
});
