import { describe, expect, it } from 'vitest';
import { platformKeyScopes } from '../../src/domain/keys/platform-key.ts';
import { schema } from '../../src/schema/schema.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { startService } from '../kit/service.ts';

const { ask, aWorld, db } = await startService();

type Who = 'owner' | 'admin' | 'member';
const everyone: Who[] = ['owner', 'admin', 'member'];
const admins: Who[] = ['owner', 'admin'];
const owners: Who[] = ['owner'];

/** For every field that reads an organization: how it is asked, and who may. Changes stand in mutations.test.ts. */
const fields: Record<string, { query: string; allowed: Who[] }> = {
  'Query.organization': { query: 'query ($o: ID!) { organization(id: $o) { id } }', allowed: everyone },
  'Query.organizationModelSettings': {
    query: 'query ($o: ID!) { organizationModelSettings(organizationId: $o) { id } }',
    allowed: everyone,
  },
  'OrganizationModelSettings.selectorWarnings': {
    query: 'query ($o: ID!) { organizationModelSettings(organizationId: $o) { selectorWarnings { message } } }',
    allowed: admins,
  },
  'Query.models': { query: 'query ($o: ID!) { models(organizationId: $o) { totalCount } }', allowed: everyone },
  'Query.modelConfigs': {
    query: 'query ($o: ID!) { modelConfigs(organizationId: $o) { totalCount } }',
    allowed: everyone,
  },
  'Model.keyStatus': {
    query: 'query ($o: ID!) { node(id: "mdl_openai/gpt-4o") { ... on Model { keyStatus(organizationId: $o) } } }',
    allowed: everyone,
  },
  'Query.modelGroups': {
    query: 'query ($o: ID!) { modelGroups(organizationId: $o) { baseModel } }',
    allowed: everyone,
  },
  'Query.modelAccess': {
    query: 'query ($o: ID!) { modelAccess(organizationId: $o, modelKey: "gpt-4o") { allowed } }',
    allowed: everyone,
  },
  'Query.resolveModel': {
    query: 'query ($o: ID!) { resolveModel(organizationId: $o, modelKey: "gpt-4o") { model { id } config { id } } }',
    allowed: everyone,
  },
  'Query.resolveModel (for another)': {
    query:
      'query ($o: ID!) { resolveModel(organizationId: $o, modelKey: "gpt-4o", subjectId: "role_member") { source } }',
    allowed: admins,
  },
  'Query.modelAccess (of the past)': {
    query: 'query ($o: ID!) { modelAccess(organizationId: $o, modelKey: "gpt-4o", atRevision: 0) { allowed } }',
    allowed: admins,
  },
  'Query.modelAccess (of another)': {
    query: 'query ($o: ID!) { modelAccess(organizationId: $o, modelKey: "gpt-4o", subjectId: "usr_x") { allowed } }',
    allowed: admins,
  },
  'Query.models (of another)': {
    query: 'query ($o: ID!) { models(organizationId: $o, subjectId: "team_x") { totalCount } }',
    allowed: admins,
  },
  'Organization.models (of another)': {
    query: 'query ($o: ID!) { organization(id: $o) { models(subjectId: "role_member") { totalCount } } }',
    allowed: admins,
  },
  'Query.modelGroups (of another)': {
    query: 'query ($o: ID!) { modelGroups(organizationId: $o, subjectId: "api_x") { baseModel } }',
    allowed: admins,
  },
  'Model.access (of another)': {
    query:
      'query ($o: ID!) { node(id: "mdl_openai/gpt-4o") { ... on Model { access(organizationId: $o, subjectId: "usr_x") { allowed } } } }',
    allowed: admins,
  },
  'Model.access': {
    query:
      'query ($o: ID!) { node(id: "mdl_openai/gpt-4o") { ... on Model { access(organizationId: $o) { allowed } } } }',
    allowed: everyone,
  },
  'Query.modelConfigUsage': {
    query: 'query ($o: ID!) { modelConfigUsage(organizationId: $o) { usageCount } }',
    allowed: everyone,
  },
  'Query.modelUsageSeries': {
    query: `query ($o: ID!) { modelUsageSeries(organizationId: $o, granularity: DAY, from: "2026-03-01T00:00:00Z",
      to: "2026-03-02T00:00:00Z") { usageCount } }`,
    allowed: everyone,
  },
  'Query.modelsInUse': { query: 'query ($o: ID!) { modelsInUse(organizationId: $o) { id } }', allowed: everyone },
  'Organization.revisions': {
    query: 'query ($o: ID!) { organization(id: $o) { revisions { totalCount } } }',
    allowed: admins,
  },
  'Organization.refusals': {
    query:
      'query ($o: ID!) { organization(id: $o) { refusals(from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z") { totalCount } } }',
    allowed: admins,
  },
  'Organization.modelAliases': {
    query: 'query ($o: ID!) { organization(id: $o) { modelAliases { name model { id } } } }',
    allowed: everyone,
  },
  'Organization.policy': {
    query: 'query ($o: ID!) { organization(id: $o) { policy { revision } } }',
    allowed: admins,
  },
  'Organization.scopePolicies': {
    query: 'query ($o: ID!) { organization(id: $o) { scopePolicies { subjectId } } }',
    allowed: admins,
  },
  'Organization.pendingModels': {
    query: 'query ($o: ID!) { organization(id: $o) { pendingModels { totalCount } } }',
    allowed: admins,
  },
  'Query.policyDocument': {
    query: 'query ($o: ID!) { policyDocument(organizationId: $o) }',
    allowed: admins,
  },
  'Query.previewSelector': {
    query: 'query ($o: ID!) { previewSelector(organizationId: $o, selector: "gpt-4o*") { coveredBy } }',
    allowed: admins,
  },
  'Organization.policyDiff': {
    query: 'query ($o: ID!) { organization(id: $o) { policyDiff(from: 0) { impact { newlyBlockedCount } } } }',
    allowed: admins,
  },
  'Organization.providerKeys': {
    query: 'query ($o: ID!) { organization(id: $o) { providerKeys { totalCount } } }',
    allowed: admins,
  },
  'Organization.invitations': {
    query: 'query ($o: ID!) { organization(id: $o) { invitations { totalCount } } }',
    allowed: owners,
  },
  'Organization.scimTokens': {
    query: 'query ($o: ID!) { organization(id: $o) { scimTokens { id } } }',
    allowed: owners,
  },
  'Organization.teams': {
    query: 'query ($o: ID!) { organization(id: $o) { teams { totalCount } } }',
    allowed: everyone,
  },
  'Organization.modelExceptions': {
    query: 'query ($o: ID!) { organization(id: $o) { modelExceptions { totalCount } } }',
    allowed: everyone,
  },
  'Organization.apiKeys': {
    query: 'query ($o: ID!) { organization(id: $o) { apiKeys { totalCount } } }',
    allowed: owners,
  },
};

/** What is answered to everyone, or asked through a field above and allowed to whoever may see the organization. */
const open = [
  // Null in the place of what may not be seen, as `node`: below, and entities.test.ts.
  'Query._entities',
  // As introspection.
  'Query._service',
  'Query.node',
  'Query.nodes',
  'Query.caller',
  // For services alone: provider-key-secret.test.ts.
  'Query.providerKeySecret',
  // Answered with events: organization-revision.test.ts.
  'Subscription.organizationRevision',
  'Organization.apiKeyManagers',
  'Organization.createdAt',
  'Organization.effectiveDefaultModel',
  'Organization.id',
  'Organization.members',
  'Organization.modelConfigUsage',
  'Organization.modelConfigs',
  'Organization.modelSettings',
  'Organization.models',
  'Organization.modelsInUse',
  'Organization.name',
  'Organization.revision',
  'Organization.supportContact',
];

const rootFields = ['Query', 'Subscription', 'Organization'].flatMap((name) => {
  const type = schema.getType(name);
  return type && 'getFields' in type ? Object.keys(type.getFields()).map((field) => `${name}.${field}`) : [];
});

/** The same question of an organization, as the gateway of a supergraph asks it. */
const throughEntities = (query: string) =>
  query.replace(
    /organization\(id: \$o\) (\{.*\}) \}$/,
    '_entities(representations: [{ __typename: "Organization", id: $o }]) { ... on Organization $1 } }',
  );

async function outcomeOf(
  query: string,
  organizationId: string,
  as?: { id: string },
  by: { token?: string; headers?: Record<string, string> } = {},
) {
  const { data, errors } = await ask<Record<string, { code?: string } | null>, { o: string }>(
    query,
    { o: organizationId },
    { as, ...by },
  );
  const text = JSON.stringify({
    data,
    errors: errors?.map(({ message, path, extensions }) => [message, path, extensions.code]),
  });
  const code = errors?.[0]?.extensions.code ?? Object.values(data ?? {})[0]?.code ?? 'OK';
  return { code, text: text.replaceAll(organizationId, 'ID') };
}

describe('access', () => {
  it('is said in this table for every field of the roots and of an organization', () => {
    expect([...Object.keys(fields), ...open]).toEqual(expect.arrayContaining(rootFields));
  });

  describe.each(Object.entries(fields))('%s', (_, { query, allowed }) => {
    it(`is for ${allowed.join(', ')} alone`, async () => {
      const world = await aWorld();

      for (const who of everyone) {
        const { code } = await outcomeOf(query, world.organization.id, world[who]);
        expect([who, code]).toEqual([who, allowed.includes(who) ? 'OK' : 'INSUFFICIENT_PERMISSIONS']);
      }
    });

    it('answers a stranger as if the organization did not exist, and sends the anonymous to sign in', async () => {
      const { organization, stranger } = await aWorld();

      const foreign = await outcomeOf(query, organization.id, stranger);
      const absent = await outcomeOf(query, 'org_absent', stranger);

      expect(foreign).toEqual(absent);
      expect(foreign.code).toBe('ORGANIZATION_ACCESS_DENIED');
      expect((await outcomeOf(query, organization.id)).code).toBe('AUTHENTICATION_REQUIRED');
    });
  });

  describe.each(Object.entries(fields))('%s by a platform key', (_, { query }) => {
    it('is of the organization that the request names alone: another one, or none, is as one that does not exist', async () => {
      const { organization, foreignOrganization, stranger } = await aWorld();
      const { token, inOrganization } = await aPlatformKey(db, platformKeyScopes);

      const elsewhere = await outcomeOf(query, organization.id, undefined, inOrganization(foreignOrganization));
      const absent = await outcomeOf(query, 'org_absent', undefined, inOrganization({ id: 'org_absent' }));
      const unnamed = await outcomeOf(query, organization.id, undefined, { token });
      const own = await outcomeOf(query, organization.id, undefined, inOrganization(organization));

      expect(elsewhere).toEqual(await outcomeOf(query, organization.id, stranger));
      expect(absent).toEqual(elsewhere);
      expect(unnamed.code).toBe('ORGANIZATION_ACCESS_DENIED');
      expect(['OK', 'INSUFFICIENT_PERMISSIONS']).toContain(own.code);
    });
  });

  describe.each(
    Object.entries(fields).filter(([name]) => name.startsWith('Organization.') || name === 'Query.organization'),
  )('%s through _entities', (_, { query, allowed }) => {
    it('is for the same people, and nothing to a stranger', async () => {
      const { organization, ...people } = await aWorld();

      for (const who of everyone) {
        const { code } = await outcomeOf(throughEntities(query), organization.id, people[who]);
        expect([who, code]).toEqual([who, allowed.includes(who) ? 'OK' : 'INSUFFICIENT_PERMISSIONS']);
      }
      const foreign = await outcomeOf(throughEntities(query), organization.id, people.stranger);
      expect(foreign.text).toBe('{"data":{"_entities":[null]}}');
      expect((await outcomeOf(throughEntities(query), organization.id)).code).toBe('AUTHENTICATION_REQUIRED');
    });
  });
});
