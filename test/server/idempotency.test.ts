import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { CreateConfig } from '../kit/config-operations.ts';
import { CreateApiKey } from '../kit/keys.ts';
import { CreateOrganization, membersOf } from '../kit/members.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { ask, aWorld, database, db, takeStatements } = service;
const call = restOf(service);
const { setRole } = membersOf(service);
let keys = 0;

/** A key that no other test uses. */
const aKey = () => ({ 'idempotency-key': `test-${++keys}` });
const configsOf = (organizationId: string) => db.modelConfig.count({ where: { organizationId } });

describe('a mutation with an Idempotency-Key', () => {
  it('has its effect once, and is answered alike', async () => {
    const { organization, admin } = await aWorld();
    const input = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4.1' };
    const headers = aKey();

    const first = await ask(CreateConfig, { input }, { as: admin, headers });
    const second = await ask(CreateConfig, { input }, { as: admin, headers });

    expect(first.data?.createModelConfig.__typename).toBe('ModelConfig');
    expect(second.data).toEqual(first.data);
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await configsOf(organization.id)).toBe(1);
  });

  it('answers a refusal alike, though it would be accepted by now', async () => {
    const { organization, admin } = await aWorld();
    const input = { organizationId: organization.id, disabledModels: ['gpt-4o'], expectedRevision: 1 };
    const headers = aKey();

    const first = await ask(UpdateSettings, { input }, { as: admin, headers });
    await ask(UpdateSettings, { input: { ...input, expectedRevision: 0 } }, { as: admin });
    const second = await ask(UpdateSettings, { input }, { as: admin, headers });

    expect(first.data?.updateModelSettings).toMatchObject({ code: 'REVISION_CONFLICT' });
    expect(second.data).toEqual(first.data);
  });

  it('answers a top-level error alike', async () => {
    const { organization, admin } = await aWorld();
    const document = `mutation ($input: UpdateModelSettingsInput!) {
      updateModelSettings(input: $input) { ... on OrganizationModelSettings { organization { apiKeys { totalCount } } } }
    }`;
    const variables = { input: { organizationId: organization.id, disabledModels: ['gpt-4o'] } };
    const headers = aKey();

    const [first, second] = [
      await ask(document, variables, { as: admin, headers }),
      await ask(document, variables, { as: admin, headers }),
    ];

    expect(first.errors?.[0]?.extensions.code).toBe('INSUFFICIENT_PERMISSIONS');
    const { traceId: _, timestamp: __, ...told } = first.errors?.[0]?.extensions ?? {};
    expect(second.errors).toMatchObject([{ ...first.errors?.[0], extensions: told }]);
    expect(second.data).toEqual(first.data);
  });

  it('refuses the key for another request', async () => {
    const { organization, admin } = await aWorld();
    const headers = aKey();
    const change = (model: string) => ({ input: { organizationId: organization.id, disabledModels: [model] } });

    await ask(UpdateSettings, change('one'), { as: admin, headers });
    const other = await ask(UpdateSettings, change('two'), { as: admin, headers });

    expect(other).toMatchObject({
      status: 422,
      errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED', status: 422 } }],
    });
    expect(other.data).toBeUndefined();
  });

  it('is another one where another caller sends the key', async () => {
    const { organization, admin, owner } = await aWorld();
    const headers = aKey();
    const variables = { input: { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4.1' } };

    const mine = await ask(CreateConfig, variables, { as: admin, headers });
    const theirs = await ask(CreateConfig, variables, { as: owner, headers });

    expect(theirs.headers.get('idempotency-replayed')).toBeNull();
    expect(theirs.data).not.toEqual(mine.data);
  });

  it('answers 409 while it is being carried out', async () => {
    const { organization, admin } = await aWorld();
    const variables = { input: { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4.1' } };
    const headers = aKey();

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => ask(CreateConfig, variables, { as: admin, headers })),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    const [refused] = answers.filter(({ status }) => status === 409);
    expect(refused?.errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_IN_PROGRESS');
    expect(await configsOf(organization.id)).toBe(1);
    expect(await ask(CreateConfig, variables, { as: admin, headers })).toMatchObject({ status: 200 });
    expect(await configsOf(organization.id)).toBe(1);
  });

  it('is not kept where the service failed', async () => {
    const { organization, admin } = await aWorld();
    const variables = { input: { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4.1' } };
    const headers = aKey();
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(`ALTER TABLE "Revision" ADD CONSTRAINT refused CHECK ("organizationId" <> '${organization.id}')`);

    const failed = await ask(CreateConfig, variables, { as: admin, headers });
    await owner.query('ALTER TABLE "Revision" DROP CONSTRAINT refused');
    await owner.end();
    const again = await ask(CreateConfig, variables, { as: admin, headers });

    expect(failed.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(again.data?.createModelConfig.__typename).toBe('ModelConfig');
    expect(await configsOf(organization.id)).toBe(1);
  });

  it('tells of no effect where what failed has taken it back', async () => {
    const { organization, owner } = await aWorld();
    const document = `mutation ($input: CreateModelConfigInput!) {
      createModelConfig(input: $input) { ... on ModelConfig { id organization { apiKeys { totalCount } } } }
    }`;
    const variables = { input: { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4.1' } };
    const asOwner = new pg.Client({ connectionString: database.ownerUrl });
    await asOwner.connect();
    await asOwner.query('ALTER TABLE "ApiKey" RENAME TO "ApiKeyAway"');

    const failed = await ask(document, variables, { as: owner, headers: aKey() });
    await asOwner.query('ALTER TABLE "ApiKeyAway" RENAME TO "ApiKey"');
    await asOwner.end();

    expect(failed).toMatchObject({ status: 500, errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
    expect(failed).not.toHaveProperty('data');
    expect(await configsOf(organization.id)).toBe(0);
  });

  it('is not told again to one who has lost the right that it was made with', async () => {
    const { organization, owner, admin } = await aWorld();
    const variables = { input: { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4.1' } };
    const headers = aKey();

    await ask(CreateConfig, variables, { as: admin, headers });
    await setRole({ organization }, owner, admin.id, 'MEMBER');
    const again = await ask(CreateConfig, variables, { as: admin, headers });

    expect(again).toMatchObject({ status: 409, errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }] });
    expect(await configsOf(organization.id)).toBe(1);
  });

  it('stores no secret that it answers in the clear', async () => {
    const { organization, owner } = await aWorld();
    const variables = { input: { organizationId: organization.id, name: 'Gateway', scopes: ['READ' as const] } };
    const headers = aKey();

    const first = await ask(CreateApiKey, variables, { as: owner, headers });
    const second = await ask(CreateApiKey, variables, { as: owner, headers });

    const secret = first.data?.createApiKey.__typename === 'CreateApiKeyPayload' ? first.data.createApiKey.secret : '';
    expect(secret).toMatch(/^mgk_/);
    expect(second.data).toEqual(first.data);
    const rows = await db.idempotentAnswer.findMany();
    expect(rows.some(({ sealed }) => Buffer.from(sealed).includes(secret))).toBe(false);
  });

  it('is forgotten after a day', async () => {
    const { owner } = await aWorld();
    const variables = { name: 'Twice' };
    const headers = aKey();

    await ask(CreateOrganization, variables, { as: owner, headers });
    await db.$executeRaw`UPDATE "IdempotentAnswer" SET "at" = "at" - interval '25 hours' WHERE "key" = ${headers['idempotency-key']}`;
    const later = await ask(CreateOrganization, variables, { as: owner, headers });

    expect(later.headers.get('idempotency-replayed')).toBeNull();
    expect(await db.organization.count({ where: { name: 'Twice' } })).toBe(2);
  });

  it('refuses keys that cannot be, and the anonymous, and leaves queries alone', async () => {
    const { organization, admin } = await aWorld();
    const change = { input: { organizationId: organization.id } };

    expect(await ask(UpdateSettings, change, { as: admin, headers: { 'idempotency-key': 'two words' } })).toMatchObject(
      { status: 422, errors: [{ extensions: { code: 'VALIDATION_ERROR' } }] },
    );
    expect(await ask(UpdateSettings, change, { headers: aKey() })).toMatchObject({ status: 401 });
    takeStatements();
    expect(await ask('{ caller { kind } }', {}, { headers: aKey() })).toMatchObject({ status: 200 });
    expect(takeStatements()).toEqual([]);
  });
});

describe('a REST request with an Idempotency-Key', () => {
  it('has its effect once, and is answered alike, refusals too', async () => {
    const { organization, admin } = await aWorld();
    const path = `/v1/organizations/${organization.id}/model-settings`;
    const headers = aKey();
    const patch = (body: unknown, headers: Record<string, string>) => call('PATCH', path, { as: admin, body, headers });

    const first = await patch({ disabledModels: ['gpt-4o'] }, headers);
    await patch({ disabledModels: [] }, {});
    const second = await patch({ disabledModels: ['gpt-4o'] }, headers);

    expect(first.status).toBe(200);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await call('GET', path, { as: admin })).body.disabled_models).toEqual([]);
    expect(await patch({ disabledModels: ['other'] }, headers)).toMatchObject({
      status: 422,
      body: { success: false, error: { code: 'IDEMPOTENCY_KEY_REUSED' } },
    });

    const bad = aKey();
    const refused = [
      await patch({ disabledProviders: ['nobody'] }, bad),
      await patch({ disabledProviders: ['nobody'] }, bad),
    ];
    expect(refused.map(({ status }) => status)).toEqual([422, 422]);
    expect(refused[1]?.headers.get('idempotency-replayed')).toBe('true');
    expect(refused[1]?.body.error.details).toEqual(refused[0]?.body.error.details);
  });
});
