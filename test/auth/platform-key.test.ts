import pg from 'pg';
import { describe, expect, it, vi } from 'vitest';
import type { Database } from '../../src/database/pool/client.ts';
import { type PlatformKeyScope, platformKeyScopes } from '../../src/domain/keys/platform-key.ts';
import { revokePlatformKey } from '../../src/domain/keys/platform-key-change.ts';
import { newPlatformKeyToken } from '../../src/domain/keys/platform-key-token.ts';
import { commit } from '../../src/domain/ledger/ledger.ts';
import { appendEntries, trustedActor } from '../../src/domain/ledger/ledger-entry.ts';
import { reauthorizePlatformKey } from '../../src/domain/ledger/reauthorize.ts';
import { findEnds, verifyChain } from '../../src/domain/ledger/verify-chain.ts';
import { aProviderKey, ReadProviderKeySecret } from '../kit/keys.ts';
import { AskAccess, ReadHistory, ReadSettings, UpdateSettings } from '../kit/operations.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { restOf } from '../kit/rest.ts';
import { type Service, startService } from '../kit/service.ts';
import { followersOf } from '../kit/subscriptions.ts';

const service = await startService();
const other = service.anotherInstance();
const { ask, aWorld, database, db, heard, logLines, takeStatements } = service;
const rest = restOf(service);
const all = platformKeyScopes;
const absent = { id: 'org_absent' };

const caller = '{ caller { kind platformKeyId apiKey { id } user { id } memberships { role } } }';

const create = (name: string) => `
  mutation { createOrganization(input: { name: "${name}" }) {
    ... on Organization { id name revision } ... on ModelgateError { code message } } }`;

/** As an API key does: with all that a service may be allowed, in one organization. */
const inputOf = (organizationId: string) => ({ input: { organizationId, disabledModels: ['gpt-4o-mini'] } });

describe('a platform key', () => {
  it('makes a service of its bearer, which needs no organization to ask who it is', async () => {
    const { id, token } = await aPlatformKey(db, ['read']);

    const { data } = await ask<object, Record<string, never>>(caller, {}, { token });

    expect(data).toEqual({
      caller: { kind: 'SERVICE', platformKeyId: id, apiKey: null, user: null, memberships: [] },
    });
    expect(logLines().map(({ viewerId }) => viewerId)).toContain(id);
    expect(JSON.stringify(logLines())).not.toContain(token);
  });

  it('is stored as a hash alone', async () => {
    const { id, token, last4 } = await aPlatformKey(db, ['read']);

    const { hash, ...row } = await db.platformKey.findUniqueOrThrow({ where: { id } });

    expect(Buffer.from(hash)).toHaveLength(32);
    expect(JSON.stringify(row)).not.toContain(token.slice(0, -4));
    expect(token).toMatch(/^mgp_[\w-]{43}$/);
    expect(token.endsWith(last4)).toBe(true);
  });

  it.each<[PlatformKeyScope, string[]]>([
    ['read', ['reads', 'decides']],
    ['policy:write', ['writes']],
    ['keys:use', ['opens']],
    ['usage:write', ['reports']],
    ['organizations:write', []],
  ])('with the scope %s may do what that says and no more', async (scope, allowed) => {
    const world = await aWorld();
    const { organization } = world;
    const organizationId = organization.id;
    const providerKey = await aProviderKey(service, world);
    const { id, inOrganization } = await aPlatformKey(db, [scope]);
    const as = inOrganization(organization);

    const usage = `mutation { recordModelUsage(input: { organizationId: "${organizationId}", records: [
      { id: "a", modelKey: "gpt-4o-mini", promptTokens: 1, completionTokens: 1 }] }) {
      __typename ... on ModelgateError { message } } }`;
    const rename = `mutation { updateOrganization(input: { organizationId: "${organizationId}", name: "Renamed" }) {
      __typename ... on ModelgateError { message } } }`;
    const answers = {
      reads: await ask(ReadSettings, { organizationId }, as),
      decides: await ask(AskAccess, { organizationId, modelKey: 'gpt-4o-mini' }, as),
      opens: await ask(ReadProviderKeySecret, { id: providerKey.id }, as),
      writes: await ask(UpdateSettings, inputOf(organizationId), as),
      reports: await ask<object, Record<string, never>>(usage, {}, as),
      creates: await ask<object, Record<string, never>>(create('Made'), {}, as),
      renames: await ask<object, Record<string, never>>(rename, {}, as),
    };
    const history = await ask(ReadHistory, { organizationId }, as);

    const lacks = /This platform key lacks the scope|No platform key may perform/;
    const done = Object.entries(answers).filter(([, { data, errors = [] }]) => {
      const denied = errors.filter(({ path }) => path?.length === 1);
      return !lacks.test(JSON.stringify({ data, denied }));
    });
    expect(done.map(([what]) => what)).toEqual(allowed);
    expect(history.errors?.at(-1)?.extensions).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    if (scope === 'keys:use') {
      expect(answers.opens.data?.providerKeySecret?.secret).toBe(providerKey.secret);
      expect(await db.providerKeyUse.findMany({ where: { organizationId } })).toMatchObject([{ apiKeyId: id }]);
    }
  });

  it('acts in the organization that the request names, and in no other, as if that did not exist', async () => {
    const { organization, foreignOrganization } = await aWorld();
    const { inOrganization } = await aPlatformKey(db, all);

    const own = await ask(ReadSettings, { organizationId: organization.id }, inOrganization(organization));
    const foreign = await ask(ReadSettings, { organizationId: foreignOrganization.id }, inOrganization(organization));
    const nowhere = await ask(ReadSettings, { organizationId: absent.id }, inOrganization(organization));
    const written = await ask(UpdateSettings, inputOf(foreignOrganization.id), inOrganization(organization));

    expect(own.errors).toBe(undefined);
    for (const { errors } of [foreign, nowhere]) {
      expect(errors).toMatchObject([
        { message: "You don't have access to this organization", extensions: { code: 'ORGANIZATION_ACCESS_DENIED' } },
      ]);
    }
    expect(written.data?.updateModelSettings).toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });
    expect(await db.revision.count({ where: { organizationId: foreignOrganization.id } })).toBe(0);
  });

  it.each(['org_absent', 'org_', 'usr_x', 'x'.repeat(8_000), 'org_%00', "org_' OR ''='"])(
    'finds no organization in the name %.20s: nothing is allowed in it',
    async (id) => {
      const { inOrganization } = await aPlatformKey(db, all);

      const decided = await ask(AskAccess, { organizationId: id, modelKey: 'gpt-4o-mini' }, inOrganization({ id }));
      const written = await ask(UpdateSettings, inputOf(id), inOrganization({ id }));

      expect(decided.data?.modelAccess).toBe(undefined);
      if (id.length < 200) {
        expect(decided.errors).toMatchObject([{ extensions: { code: 'ORGANIZATION_ACCESS_DENIED' } }]);
        expect(written.data?.updateModelSettings).toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });
      }
      expect(await db.organization.count({ where: { id } })).toBe(0);
    },
  );

  it('that names no organization is told how, where one is needed', async () => {
    const world = await aWorld();
    const organizationId = world.organization.id;
    const providerKey = await aProviderKey(service, world);
    const { token } = await aPlatformKey(db, all);
    const message =
      'A platform key acts in the organization that the request names, and this one names none: send X-Organization-Id, or ask at a path that has it';

    for (const id of [organizationId, absent.id]) {
      const read = await ask(ReadSettings, { organizationId: id }, { token });
      expect(read.errors).toMatchObject([{ message, extensions: { code: 'ORGANIZATION_ACCESS_DENIED' } }]);
    }
    const secret = await ask(ReadProviderKeySecret, { id: providerKey.id }, { token });
    expect(secret.errors).toMatchObject([{ message }]);
    const views = await rest('GET', '/v1/model-configs', { headers: { authorization: `Bearer ${token}` } });
    expect(views).toMatchObject({ status: 403, body: { error: message } });
    const model = await ask<object, Record<string, never>>(
      '{ node(id: "mdl_openai/gpt-4o-mini") { id } }',
      {},
      { token },
    );
    expect(model.data).toEqual({ node: { id: 'mdl_openai/gpt-4o-mini' } });
  });

  it('finds objects by their ids in the named organization alone', async () => {
    const world = await aWorld();
    const foreign = await aProviderKey(service, { organization: world.foreignOrganization, admin: world.stranger });
    const own = await aProviderKey(service, world);
    const { inOrganization } = await aPlatformKey(db, all);
    const as = inOrganization(world.organization);

    expect((await ask(ReadProviderKeySecret, { id: own.id }, as)).data?.providerKeySecret?.secret).toBe(own.secret);
    for (const id of [foreign.id, 'key_absent']) {
      const { data, errors } = await ask(ReadProviderKeySecret, { id }, as);
      expect({ data, code: errors?.[0]?.extensions.code }).toEqual({ data: null, code: 'NOT_FOUND' });
    }
    for (const id of [world.foreignOrganization.id, world.stranger.id, foreign.id]) {
      const { data } = await ask<object, Record<string, never>>(`{ node(id: "${id}") { id } }`, {}, as);
      expect(data).toEqual({ node: null });
    }
  });

  it('names the organization by the path of REST, which wins', async () => {
    const { organization, foreignOrganization } = await aWorld();
    const { token } = await aPlatformKey(db, all);
    const path = (id: string) => `/v1/organizations/${id}/model-settings`;
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { authorization: token },
      { 'x-api-key': token },
      { authorization: `Bearer ${token}`, 'x-organization-id': foreignOrganization.id },
    ]) {
      const { status, body } = await rest('GET', path(organization.id), { headers });
      expect({ status, id: body.organization_id ?? body.data?.organizationId ?? organization.id }).toEqual({
        status: 200,
        id: organization.id,
      });
    }
    const headers = { authorization: `Bearer ${token}` };
    const nowhere = await rest('GET', path(absent.id), { headers });
    expect(nowhere).toMatchObject({ status: 403, body: { error: { code: 'ORGANIZATION_ACCESS_DENIED' } } });
  });

  it('is cached with each organization: no answer of one is given in another', async () => {
    const { organization, foreignOrganization, owner } = await aWorld();
    await ask(UpdateSettings, inputOf(organization.id), { as: owner });
    const { token } = await aPlatformKey(db, all);
    const allowedIn = async (id: string) => {
      const { data } = await ask(
        AskAccess,
        { organizationId: id, modelKey: 'gpt-4o-mini' },
        { token, headers: { 'x-organization-id': id } },
      );
      return data?.modelAccess.allowed;
    };
    // A document that names no organization, so that nothing but the caller tells the requests apart.
    const mine = async (id: string) => {
      const { data } = await ask<{ nodes: ({ id: string } | null)[] }, Record<string, never>>(
        `{ nodes(ids: ["${organization.id}", "${foreignOrganization.id}"]) { id } }`,
        {},
        { token, headers: { 'x-organization-id': id } },
      );
      return data?.nodes.map((node) => node?.id ?? null);
    };
    for (let time = 0; time < 3; time++) {
      expect([await allowedIn(organization.id), await allowedIn(foreignOrganization.id)]).toEqual([false, true]);
      expect(await mine(organization.id)).toEqual([organization.id, null]);
      expect(await mine(foreignOrganization.id)).toEqual([null, foreignOrganization.id]);
    }
  });

  it('reads itself and the organization once, and nothing at a repeated read', async () => {
    const { organization } = await aWorld();
    const { inOrganization } = await aPlatformKey(db, all);
    const read = () =>
      ask(ReadSettings, { organizationId: organization.id }, { ...inOrganization(organization), once: true });
    for (let time = 0; time < 3; time++) await read();
    takeStatements();

    await read();

    expect(takeStatements()).toEqual([]);
  });

  it('has no access to an organization that was deleted', async () => {
    const { foreignOrganization } = await aWorld();
    const gone = await db.organization.create({ data: { id: `org_${foreignOrganization.id.slice(4, 20)}gone` } });
    await heard();
    const { inOrganization } = await aPlatformKey(db, all);
    const decide = () => ask(AskAccess, { organizationId: gone.id, modelKey: 'gpt-4o-mini' }, inOrganization(gone));
    expect((await decide()).data?.modelAccess.allowed).toBe(true);

    await db.organization.delete({ where: { id: gone.id } });
    await heard();

    expect((await decide()).errors).toMatchObject([{ extensions: { code: 'ORGANIZATION_ACCESS_DENIED' } }]);
  });

  it('is refused on every instance when it was revoked, and once it has expired', async () => {
    const { organization } = await aWorld();
    const instances: Service[] = [service, other];
    const read = (instance: Service, as: object) => instance.ask(ReadSettings, { organizationId: organization.id }, as);
    const revoked = await aPlatformKey(db, all);
    const expiring = await aPlatformKey(db, all, new Date('2026-11-22T12:00:00.001Z'));
    for (const instance of instances) {
      for (const key of [revoked, expiring]) {
        for (let time = 0; time < 2; time++)
          expect((await read(instance, key.inOrganization(organization))).errors).toBe(undefined);
      }
    }

    await revokePlatformKey(db, revoked.id, new Date());
    await db.platformKey.update({ where: { id: expiring.id }, data: { expiresAt: new Date('2026-11-22T12:00:00Z') } });
    await heard();

    for (const instance of instances) {
      expect(await read(instance, revoked.inOrganization(organization))).toMatchObject({
        status: 401,
        errors: [{ message: 'Your platform key has been deactivated' }],
      });
      expect((await read(instance, expiring.inOrganization(organization))).errors).toMatchObject([
        { message: 'Your platform key has expired' },
      ]);
    }
    const reasons = logLines().map(({ reason }) => reason);
    expect(reasons).toContain('PLATFORM_KEY_REVOKED');
    expect(reasons).toContain('PLATFORM_KEY_EXPIRED');
  });

  it.each(['mgp_', newPlatformKeyToken().token, `mgp_${'A'.repeat(42)}!`, `mgp_${'A'.repeat(5000)}`])(
    'that nobody made is an error, never anonymous: %.20s',
    async (token) => {
      const { status, errors } = await ask<object, Record<string, never>>(caller, {}, { token });

      expect(status).toBe(401);
      expect(errors).toMatchObject([{ message: 'Your platform key is invalid' }]);
    },
  );

  it('is no API key, nor one it', async () => {
    const { token } = await aPlatformKey(db, all);

    expect(
      (await ask<object, Record<string, never>>(caller, {}, { token: token.replace('mgp_', 'mgk_') })).status,
    ).toBe(401);
  });
});

describe('a change by a platform key', () => {
  it('is in the ledger of the organization, with the key as its actor, and the chain holds', async () => {
    const { organization, owner } = await aWorld();
    await ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels: ['o1'] } }, { as: owner });
    const { id, inOrganization } = await aPlatformKey(db, all);

    await ask(UpdateSettings, inputOf(organization.id), inOrganization(organization));

    const actors = `{ organization(id: "${organization.id}") { revisions(first: 1) { edges { node {
      actor { id } actorApiKeyId actorScimTokenId actorPlatformKeyId action } } } } }`;
    const { data } = await ask<object, Record<string, never>>(actors, {}, { as: owner });
    expect(data).toMatchObject({
      organization: {
        revisions: {
          edges: [
            {
              node: {
                actor: null,
                actorApiKeyId: null,
                actorScimTokenId: null,
                actorPlatformKeyId: id,
                action: 'MODEL_SETTINGS_UPDATED',
              },
            },
          ],
        },
      },
    });
    const [end] = await findEnds(db, [organization.id]);
    expect(end && (await verifyChain(db, end, () => {}))).toBe(null);
    const exported = await rest('GET', `/v1/organizations/${organization.id}/revisions.ndjson`, { as: owner });
    expect(exported.body).toContain(`"actorPlatformKeyId": "${id}"`);
  });

  it('is refused where the key is revoked meanwhile, though its session is cached', async () => {
    const { organization } = await aWorld();
    const { id, inOrganization } = await aPlatformKey(db, all);
    const as = inOrganization(organization);
    for (let time = 0; time < 2; time++) await ask(ReadSettings, { organizationId: organization.id }, as);
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    // Nobody is told.
    await owner.query(`BEGIN; ALTER TABLE "PlatformKey" DISABLE TRIGGER USER;
      UPDATE "PlatformKey" SET "revokedAt" = now() WHERE "id" = '${id}';
      ALTER TABLE "PlatformKey" ENABLE TRIGGER USER; COMMIT`);
    await owner.end();

    const { data } = await ask(UpdateSettings, inputOf(organization.id), as);

    expect(data?.updateModelSettings).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
    expect(await db.revision.count({ where: { organizationId: organization.id } })).toBe(0);
  });

  it('is one that its revocation waits for, and none comes after', async () => {
    const { organization } = await aWorld();
    const { id } = await aPlatformKey(db, all);
    const actor = { ...trustedActor, platformKeyId: id, reauthorize: (tx: Database) => reauthorizePlatformKey(tx, id) };
    const order: string[] = [];
    const change = (what: string, work: () => Promise<void>) =>
      commit(db, { organizationId: organization.id, actor }, async () => {
        await work();
        order.push(what);
        const entry = { action: 'MODEL_SETTINGS_UPDATED', subjectId: 'oms_x', before: null, after: null } as const;
        return { ...entry, apply: async () => {} };
      });
    let revoked: Promise<unknown> = Promise.resolve();

    await change('changed', async () => {
      revoked = revokePlatformKey(db, id, new Date()).then(() => order.push('revoked'));
      await vi.waitUntil(async () => {
        const [{ waits } = { waits: false }] = await db.$queryRaw<{ waits: boolean }[]>`
          SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"PlatformKey" SET%'
            AND datname = current_database()) AS waits`;
        return waits;
      });
    });
    await revoked;

    expect(order).toEqual(['changed', 'revoked']);
    await expect(change('after', async () => {})).rejects.toThrow('Your platform key has been deactivated');
    const [appended] = await appendEntries(db, [
      {
        request: { organizationId: organization.id, actor },
        entry: { action: 'MODEL_SETTINGS_UPDATED', subjectId: 'oms_x', before: null, after: null },
        revision: 1,
      },
    ]);
    expect(appended).toBe(undefined);
  });

  it('creates an organization, which has no owner yet, and goes on with it in the same request', async () => {
    const { id, token } = await aPlatformKey(db, ['read', 'organizations:write']);

    const { data } = await ask<{ createOrganization: { id: string } }, Record<string, never>>(
      create('Made'),
      {},
      { token },
    );

    const made = data?.createOrganization.id ?? '';
    expect(data).toMatchObject({ createOrganization: { name: 'Made', revision: 1 } });
    const rename = `mutation { updateOrganization(input: { organizationId: "${made}", name: "Other" }) {
      ... on Organization { name } ... on ModelgateError { message } } }`;
    const renamed = await ask<object, Record<string, never>>(
      rename,
      {},
      { token, headers: { 'x-organization-id': made } },
    );
    expect(renamed.data).toEqual({ updateOrganization: { name: 'Other' } });
    expect(await db.membership.count({ where: { organizationId: made } })).toBe(0);
    expect(await db.revision.findMany({ where: { organizationId: made } })).toMatchObject([
      { action: 'ORGANIZATION_CREATED', actorId: null, actorPlatformKeyId: id },
      { action: 'ORGANIZATION_UPDATED', actorId: null, actorPlatformKeyId: id },
    ]);
    expect(await db.organizationIdentity.count({ where: { organizationId: made } })).toBe(1);
  });

  it('with an Idempotency-Key is made once in each organization', async () => {
    const { organization, foreignOrganization } = await aWorld();
    const { inOrganization } = await aPlatformKey(db, all);
    const change = async ({ id }: { id: string }) => {
      const { token, headers } = inOrganization({ id });
      const { data } = await ask(UpdateSettings, inputOf(id), {
        token,
        headers: { ...headers, 'idempotency-key': 'same' },
      });
      return data?.updateModelSettings.__typename;
    };

    for (let time = 0; time < 2; time++) {
      for (const one of [organization, foreignOrganization])
        expect(await change(one)).toBe('OrganizationModelSettings');
    }

    for (const { id } of [organization, foreignOrganization])
      expect(await db.revision.count({ where: { organizationId: id } })).toBe(1);
  });
});

it('a subscription by a platform key ends when the key is revoked', async () => {
  const { organization, owner } = await aWorld();
  const { follow } = await followersOf(service);
  const { id, inOrganization } = await aPlatformKey(db, all);
  const events = await follow(organization, {
    ...inOrganization(organization),
    query: 'subscription F($organizationId: ID!) { organizationRevision(organizationId: $organizationId) { number } }',
  });
  const first = events.next();
  await ask(UpdateSettings, inputOf(organization.id), { as: owner });
  expect((await first).value).toMatchObject({ data: { organizationRevision: { number: 1 } } });

  const next = events.next();
  await revokePlatformKey(db, id, new Date());

  expect((await next).value).toMatchObject({ errors: [{ message: 'Your platform key has been deactivated' }] });
});
