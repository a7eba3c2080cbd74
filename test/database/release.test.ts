import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { applyMigrations } from '../../src/database/migrate/migrations.ts';
import { createDatabase } from '../../src/database/pool/client.ts';
import { CacheLease } from '../../src/domain/feed/cache-lease.ts';
import { createChangeFeed } from '../../src/domain/feed/change-feed.ts';
import { newApiKeyToken } from '../../src/domain/keys/api-key-token.ts';
import { graphql } from '../generated/gql.ts';
import { migrationsUpTo } from '../kit/backup.ts';
import { createTestDatabase } from '../kit/database.ts';
import { mint, trustedIssuer } from '../kit/issuer.ts';
import { AskAccess, ReadHistory, ReadSettings, UpdateSettings } from '../kit/operations.ts';
import { startInstance } from '../kit/service.ts';
import { lastOfRelease } from './last-release.ts';

// A database as the release before identities leaves it is migrated, and its users go on with the tokens that they have.

const apiKey = newApiKeyToken();

const rowsOfRelease = `
  INSERT INTO "User" ("id", "name", "email") VALUES
    ('usr_mara', 'Mara', 'mara@acme.example'), ('usr_lena', NULL, NULL), ('user_2Clerk', NULL, NULL);
  INSERT INTO "Organization" ("id", "name", "revision") VALUES ('org_made', 'Brightwater', 2), ('org_2Clerk', NULL, 1);
  INSERT INTO "Membership" ("organizationId", "userId", "role") VALUES
    ('org_made', 'usr_mara', 'OWNER'), ('org_made', 'usr_lena', 'MEMBER');
  INSERT INTO "ModelSettings" ("organizationId", "disabledProviders", "disabledModels", "updatedAt", "updatedById") VALUES
    ('org_made', '{google}', '{}', '2026-11-20', 'usr_mara'), ('org_2Clerk', '{}', '{gpt-4o}', '2026-11-20', 'user_2Clerk');
  INSERT INTO "Revision" ("id", "organizationId", "number", "at", "actorId", "action", "subjectId", "before", "after") VALUES
    ('rev_1', 'org_made', 1, '2026-11-19', 'usr_mara', 'ORGANIZATION_CREATED', 'org_made', NULL, '{"ownerId":"usr_mara"}'),
    ('rev_2', 'org_made', 2, '2026-11-20', 'usr_mara', 'MODEL_SETTINGS_UPDATED', 'org_made',
      '{"disabledProviders":[]}', '{"disabledProviders":["google"]}'),
    ('rev_3', 'org_2Clerk', 1, '2026-11-20', 'user_2Clerk', 'MODEL_SETTINGS_UPDATED', 'org_2Clerk',
      '{"disabledModels":[]}', '{"disabledModels":["gpt-4o"]}');
  INSERT INTO "ModelConfig" ("id", "organizationId", "userId", "creatorId", "provider", "modelId", "createdAt", "updatedAt") VALUES
    ('cfg_1', 'org_made', 'usr_lena', 'usr_lena', 'openai', 'gpt-4.1', '2026-11-20', '2026-11-20');
  INSERT INTO "Invitation" ("organizationId", "id", "userId", "role", "invitedById", "createdAt", "expiresAt") VALUES
    ('org_made', 'inv_1', 'user_2Clerk', 'ADMIN', 'usr_mara', '2026-11-20', '2026-12-20');
  INSERT INTO "UsageRecord" ("organizationId", "id", "provider", "modelId", "promptTokens", "completionTokens", "at") VALUES
    ('org_made', 'use_1', 'openai', 'gpt-4.1', 1, 2, '2026-11-20');`;

const database = await createTestDatabase({ blank: true });
const owner = new pg.Client({ connectionString: database.ownerUrl });
const db = createDatabase(database.url);
const lease = new CacheLease({ heartbeatMs: 500, leaseMs: 5_000, joinMs: 100 });

beforeAll(async () => {
  await owner.connect();
  await applyMigrations(database.ownerUrl, { only: await migrationsUpTo(lastOfRelease), serviceRole: 'modelgate' });
  await owner.query(rowsOfRelease);
  await owner.query(
    `INSERT INTO "ApiKey" ("id", "organizationId", "name", "hash", "last4", "scopes", "createdById", "createdAt")
     VALUES ('api_1', 'org_made', 'gateway', $1, $2, '{read}', 'usr_mara', '2026-11-20')`,
    [Buffer.from(apiKey.hash), apiKey.last4],
  );
  columns = await columnsNow();
  before = await readRows();
  await applyMigrations(database.ownerUrl, { serviceRole: 'modelgate' });
});
const changeFeed = createChangeFeed(database.url, lease);
afterAll(async () => {
  await changeFeed.close();
  await Promise.all([db.$disconnect(), owner.end()]);
  await database.drop();
});

type Rows = Record<string, unknown[]>;
let columns: { table: string; names: string }[];
let before: Rows;

/** The columns of the release, of all tables in which something is kept. */
async function columnsNow() {
  const { rows } = await owner.query<{ table: string; names: string }>(`
    SELECT table_name AS "table", string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS "names"
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT IN ('_prisma_migrations', 'Instance')
    GROUP BY 1`);
  return rows;
}

async function readRows(): Promise<Rows> {
  const all: Rows = {};
  for (const { table, names } of columns) {
    const { rows } = await owner.query(`SELECT ${names} FROM "${table}" ORDER BY ${names.split(', ')[0]}, 2`);
    all[table] = rows;
  }
  return all;
}

const { ask } = startInstance(() => db, readCatalog(), { changeFeed, lease });
const WhoAmI = graphql(`
  query WhoSignsInAfterMigration {
    caller {
      user {
        id
        name
      }
      memberships {
        role
        organization {
          id
          name
        }
      }
      invitations {
        organizationId
        role
      }
    }
  }
`);
async function callerOf(claims: object) {
  const { data, errors } = await ask(WhoAmI, {}, { token: await mint({ ...claims }) });
  if (!data) throw new Error(JSON.stringify(errors));
  const { user, memberships, invitations } = data.caller;
  return { ...user, memberships: memberships.map((one) => [one.organization.id, one.role]), invitations };
}

const made = { sub: 'usr_mara' };
const version1 = (role: string) => ({ sub: 'user_2Clerk', org_id: 'org_2Clerk', org_role: role });
const version2 = (role: string) => ({ sub: 'user_2Clerk', v: 2, o: { id: 'org_2Clerk', rol: role } });

describe('after the migration of a database of the release', () => {
  it('all rows are as they were', async () => {
    expect(await readRows()).toEqual(before);
    expect(before.Revision).toHaveLength(3);
  });

  it('tokens without an organization name the same users, with their memberships and invitations', async () => {
    await vi.waitUntil(() => lease.isHeld, { timeout: 10_000 });

    expect(await callerOf(made)).toEqual({
      id: 'usr_mara',
      name: 'Mara',
      memberships: [['org_made', 'OWNER']],
      invitations: [],
    });
    expect(await callerOf({ sub: 'usr_lena' })).toMatchObject({ memberships: [['org_made', 'MEMBER']] });
    expect(await callerOf({ sub: 'user_2Clerk' })).toMatchObject({
      id: 'user_2Clerk',
      memberships: [],
      invitations: [{ organizationId: 'org_made', role: 'ADMIN' }],
    });
  });

  it.each([
    [version1, 'org:owner', 'OWNER'],
    [version1, 'org:admin', 'ADMIN'],
    [version1, 'admin', 'ADMIN'],
    [version1, 'org:member', 'MEMBER'],
    [version2, 'owner', 'OWNER'],
    [version2, 'admin', 'ADMIN'],
    [version2, 'billing', 'MEMBER'],
  ])('tokens of Clerk name the same user, organization and role: %o, %s', async (claims, role, expected) => {
    expect(await callerOf(claims(role))).toMatchObject({
      id: 'user_2Clerk',
      memberships: [['org_2Clerk', expected]],
    });
  });

  it('tokens that name an organization that was made here enter it in the role that they name', async () => {
    expect(await callerOf({ sub: 'usr_lena', org_id: 'org_made', org_role: 'org:admin' })).toMatchObject({
      id: 'usr_lena',
      memberships: [['org_made', 'ADMIN']],
    });
  });

  it('the settings, the history and API keys are the same', async () => {
    const token = await mint({ ...made });
    const settings = await ask(ReadSettings, { organizationId: 'org_made' }, { token });
    const history = await ask(ReadHistory, { organizationId: 'org_made', first: 10 }, { token });
    const key = { token: apiKey.token };
    const access = await ask(AskAccess, { organizationId: 'org_made', modelKey: 'gemini-2.5-pro' }, key);

    expect(settings.data?.organizationModelSettings).toMatchObject({
      disabledProviders: ['google'],
      revision: 2,
      updatedBy: { id: 'usr_mara' },
    });
    expect(
      history.data?.organization?.revisions?.edges.map(({ node }) => [node.number, node.action, node.actor?.id]),
    ).toEqual([
      [2, 'MODEL_SETTINGS_UPDATED', 'usr_mara'],
      [1, 'ORGANIZATION_CREATED', 'usr_mara'],
    ]);
    expect(access.data?.modelAccess).toMatchObject({ allowed: false, reasons: ['PROVIDER_DISABLED'], revision: 2 });
  });

  it('nothing of this has changed a row of before: what is new are the identities', async () => {
    const identities = await db.userIdentity.findMany({ orderBy: { subject: 'asc' } });
    const organizations = await db.organizationIdentity.findMany({ orderBy: { externalId: 'asc' } });
    const { issuer } = trustedIssuer;

    expect(await readRows()).toEqual(before);
    expect(identities.map((one) => [one.issuer, one.subject, one.userId, one.isOriginal])).toEqual(
      ['user_2Clerk', 'usr_lena', 'usr_mara'].map((id) => [issuer, id, id, true]),
    );
    expect(organizations.map((one) => [one.issuer, one.externalId, one.organizationId, one.isOriginal])).toEqual(
      ['org_2Clerk', 'org_made'].map((id) => [issuer, id, id, true]),
    );
  });

  it('the next change is the next revision, by the same user', async () => {
    const token = await mint({ ...version2('admin') });
    const input = { organizationId: 'org_2Clerk', disabledModels: [] };

    const { data } = await ask(UpdateSettings, { input }, { token });

    expect(data?.updateModelSettings).toMatchObject({
      disabledModels: [],
      revision: 2,
      updatedBy: { id: 'user_2Clerk' },
    });
  });

  it('an organization that had no name gets that of a token, and one that had one keeps it', async () => {
    const named = { ...version1('org:admin'), org_slug: 'acme' };
    await callerOf(named);
    await callerOf({ ...named, org_id: 'org_made' });

    const organizations = await db.organization.findMany({ orderBy: { id: 'asc' }, select: { id: true, name: true } });
    expect(organizations).toEqual([
      { id: 'org_2Clerk', name: 'acme' },
      { id: 'org_made', name: 'Brightwater' },
    ]);
  });
});
