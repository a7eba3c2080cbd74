import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { graphql } from '../generated/gql.ts';
import { anApiKey } from '../kit/keys.ts';
import { anyDocument } from '../kit/policy.ts';
import { ReadPolicyDocument } from '../kit/policy-documents.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';

const service = await startService({ limits: { pageSize: 300, complexity: 20_000 } });
const { ask, aWorld, db } = service;

const Apply = graphql(`
  mutation ApplyAtRandom($input: ApplyPolicyInput!) {
    applyPolicy(input: $input) {
      __typename
      ... on PolicyPreview {
        previewed: revision
        changes {
          field
          added
          removed
        }
        document
        impact {
          ...WholeImpact
        }
      }
      ... on OrganizationModelSettings {
        revision
      }
      ...RefusalFields
    }
  }
  fragment WholeImpact on PolicyImpact {
    newlyBlocked(first: 300) {
      model {
        id
      }
      before
      after
      members
    }
    newlyAllowed(first: 300) {
      model {
        id
      }
      before
      after
      members
    }
    defaults {
      from {
        id
      }
      to {
        id
      }
      members
    }
    aliases {
      name
      from {
        id
      }
      to {
        id
      }
    }
    membersLeftWithoutModel
  }
`);

const ReadNewest = graphql(`
  query ReadNewest($organizationId: ID!) {
    organization(id: $organizationId) {
      revisions(first: 1) {
        edges {
          node {
            number
            changes {
              field
              added
              removed
            }
            impact {
              ...WholeImpact
            }
          }
        }
      }
    }
  }
`);

const ListAllowed = graphql(`
  query ListAllowed($organizationId: ID!, $subjectId: ID!) {
    models(organizationId: $organizationId, subjectId: $subjectId, filter: { allowed: true }, first: 300) {
      edges {
        node {
          id
        }
      }
    }
  }
`);

/** An organization with a subject of each kind, and an API key that no policy names. */
async function aPeopledWorld() {
  const world = await aWorld();
  const { organization, admin, member } = world;
  const team = await aTeam(db, organization, { members: [member] });
  const [named, plain] = [await anApiKey(service, world, ['READ']), await anApiKey(service, world, ['READ'])];
  const apply = async (document: string, more: object = {}) => {
    const input = { organizationId: organization.id, document, ...more };
    const { data, errors } = await ask(Apply, { input }, { as: admin });
    expect(errors).toBe(undefined);
    return data?.applyPolicy ?? expect.fail();
  };
  const exported = async (format: 'JSON' | 'YAML') => {
    const { data } = await ask(ReadPolicyDocument, { organizationId: organization.id, format }, { as: admin });
    return data?.policyDocument ?? expect.fail();
  };
  return { ...world, team, named, plain, apply, exported };
}

const writtenAs = { JSON: JSON.stringify, YAML: stringify };
const formats = fc.constantFrom('JSON' as const, 'YAML' as const);

describe('documents of policies at random, of all fields', () => {
  it('are what the service exports, make no second revision, and change nothing where they were exported', async () => {
    const { member, team, named, apply, exported } = await aPeopledWorld();
    let made = 0;

    await fc.assert(
      fc.asyncProperty(anyDocument([member.id, team.id, named.id, 'role_member']), formats, async (policy, format) => {
        const text = writtenAs[format](policy);
        const applied = await apply(text);
        if (applied.__typename === 'DefaultModelDisabledError' || applied.__typename === 'UnknownModelError') return;
        if (applied.__typename !== 'OrganizationModelSettings') return expect.fail(JSON.stringify(applied));
        made += 1;

        expect(await apply(text)).toEqual(applied);
        for (const other of ['JSON', 'YAML'] as const) {
          const document = await exported(other);
          expect(await apply(document, { dryRun: true })).toMatchObject({ changes: [], previewed: applied.revision });
          expect(await apply(document)).toEqual(applied);
        }
      }),
      { numRuns: 60 },
    );
    expect(made).toBeGreaterThan(20);
  });

  it('do what their dry run tells, for everybody: the same changes, and the models that each may use and not use', async () => {
    const { organization, owner, admin, member, team, named, plain, apply } = await aPeopledWorld();
    const everybody = [owner.id, admin.id, member.id, named.id, plain.id];
    const allowed = () =>
      Promise.all(
        everybody.map(async (subjectId) => {
          const variables = { organizationId: organization.id, subjectId };
          const { data } = await ask(ListAllowed, variables, { as: admin });
          return new Set((data ?? expect.fail()).models.edges.map(({ node }) => node.id));
        }),
      );
    const only = (these: Set<string>[], those: Set<string>[]) =>
      [...new Set(these.flatMap((set, index) => [...set].filter((id) => !those[index]?.has(id))))].sort();
    let before = await allowed();
    let made = 0;

    await fc.assert(
      fc.asyncProperty(anyDocument([member.id, team.id, named.id, 'role_admin']), async (policy) => {
        const text = JSON.stringify(policy);
        const told = await apply(text, { dryRun: true });
        if (told.__typename !== 'PolicyPreview') {
          expect(await apply(text)).toEqual(told);
          return;
        }
        const applied = await apply(text, { expectedRevision: told.previewed });
        const after = await allowed();

        const { newlyBlocked, newlyAllowed } = told.impact;
        expect(newlyBlocked.map(({ model }) => model.id).sort()).toEqual(only(before, after));
        expect(newlyAllowed.map(({ model }) => model.id).sort()).toEqual(only(after, before));
        before = after;
        if (told.changes.length === 0) return expect(applied).toMatchObject({ revision: told.previewed });
        const { data } = await ask(ReadNewest, { organizationId: organization.id }, { as: admin });
        const { previewed, changes, impact } = told;
        expect(data?.organization?.revisions?.edges[0]?.node).toEqual({ number: previewed + 1, changes, impact });
        made += 1;
      }),
      { numRuns: 40 },
    );
    expect(made).toBeGreaterThan(15);
  });
});
