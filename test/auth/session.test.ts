import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSessions } from '../../src/auth/session.ts';
import { createVerifiedTokens } from '../../src/auth/verified-tokens.ts';
import { newApiKeyToken } from '../../src/domain/keys/api-key-token.ts';
import { mint, publicJwk, trustedIssuer } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { startService, today } from '../kit/service.ts';

const service = await startService();
const { aWorld, db, tags, heard } = service;
const sessions = createSessions({ db, issuers: [trustedIssuer], tags, maxEntries: 100 });

const credentialsOf = (authorization: string) => ({ authorization, organizationId: null });
const nobody = { authorization: null, organizationId: null };

/** The viewer that is remembered of a token, once it was shown twice. */
async function remembered(token: string, now = today) {
  const bearer = credentialsOf(`Bearer ${token}`);
  for (let time = 0; time < 2; time++) await sessions.authenticate(bearer, now);
  return () => sessions.find(bearer, now);
}

describe('a session', () => {
  it('of nobody is there without asking, and each is its own', () => {
    const [first, second] = [sessions.find(nobody, today), sessions.find(nobody, today)];

    expect(first).toMatchObject({ kind: 'ANONYMOUS', key: '', tag: { isCurrent: true } });
    expect(second).not.toBe(first);
  });

  it('of a user is remembered, with its tag, until its memberships change', async () => {
    const { member, organization } = await aWorld();
    const find = await remembered(await mint({ sub: member.id }));

    const found = find();
    await db.membership.updateMany({ where: { userId: member.id }, data: { role: 'ADMIN' } });
    await heard();

    expect(found).toMatchObject({ kind: 'USER', userId: member.id, key: member.id });
    expect([...(found?.memberships ?? [])]).toEqual([[organization.id, 'MEMBER']]);
    expect(found?.tag.isCurrent).toBe(false);
    expect(find()).toBe(undefined);
  });

  it('of a token that names an organization is another one than that of the user, and of each role', async () => {
    const { member, organization } = await aWorld();
    const keys: (string | undefined)[] = [];
    for (const claims of [{}, { org_id: organization.id }, { org_id: organization.id, org_role: 'admin' }]) {
      const find = await remembered(await mint({ sub: member.id, ...claims }));
      keys.push(find()?.key);
    }

    expect(keys).toEqual([
      member.id,
      `${member.id} ${organization.id} MEMBER`,
      `${member.id} ${organization.id} ADMIN`,
    ]);
  });

  it('enters again who was deleted, and its organization', async () => {
    const organizationId = `org_${crypto.randomUUID()}`;
    const [userId, token] = ['usr_shortlived', await mint({ sub: 'usr_shortlived', org_id: organizationId })];
    const find = await remembered(token);
    expect(find()).toBeDefined();

    await db.user.delete({ where: { id: userId } });
    await heard();
    const withoutUser = find();
    await remembered(token);
    await db.organization.delete({ where: { id: organizationId } });
    await heard();
    const withoutOrganization = find();
    await remembered(token);

    expect([withoutUser, withoutOrganization]).toEqual([undefined, undefined]);
    expect(await db.user.count({ where: { id: userId } })).toBe(1);
    expect(await db.organization.count({ where: { id: organizationId } })).toBe(1);
  });

  it('of an API key is remembered from the second time on, and is not past its expiry', async () => {
    const { id, token } = await anApiKey(service, await aWorld(), ['READ'], '2026-11-22T12:00:01Z');
    const bearer = credentialsOf(`Bearer ${token}`);
    const first = await sessions.authenticate(bearer, today);
    const afterOne = sessions.find(bearer, today);
    await sessions.authenticate(bearer, today);
    const expired = new Date('2026-11-22T12:00:01Z');

    expect({ tag: first.tag.isCurrent, afterOne }).toEqual({ tag: false, afterOne: undefined });
    expect(sessions.find(bearer, today)).toMatchObject({ kind: 'SERVICE', key: id, validForMs: 1_000 });
    expect(sessions.find(bearer, expired)).toBe(undefined);
    await expect(sessions.authenticate(bearer, expired)).rejects.toThrow('Your API key has expired');
  });

  it('of an API key whose token was replaced in the database is that of the new token alone', async () => {
    const { id, token } = await anApiKey(service, await aWorld(), ['READ']);
    const findOld = await remembered(token);
    const { token: newToken, hash } = newApiKeyToken();

    await db.apiKey.update({ where: { id }, data: { hash } });
    await heard();
    const findNew = await remembered(newToken);

    expect(findNew()).toMatchObject({ key: id });
    expect(findOld()).toBe(undefined);
    await expect(sessions.authenticate(credentialsOf(`Bearer ${token}`), today)).rejects.toThrow(
      'Your API key is invalid',
    );
  });

  it('of a platform key is bound to an organization, once, where that exists', async () => {
    const { organization, foreignOrganization } = await aWorld();
    const { id, token } = await aPlatformKey(db, ['read']);
    const viewer = () => sessions.authenticate(credentialsOf(`Bearer ${token}`), today);
    const [bound, nowhere] = [await viewer(), await viewer()];

    await sessions.actIn(bound, organization.id);
    await sessions.actIn(bound, foreignOrganization.id);
    await sessions.actIn(nowhere, 'org_absent');
    const again = await viewer();
    const answered = sessions.actIn(again, organization.id);

    expect([bound, nowhere, again].map(({ service }) => service?.organizationIds)).toEqual([
      [organization.id],
      [],
      [organization.id],
    ]);
    expect([bound, nowhere, await viewer()].map(({ key }) => key)).toEqual([`${id} ${organization.id}`, id, id]);
    // It is known by now that there is such an organization.
    expect(answered).toBe(undefined);
  });

  it('is not remembered of what does not hold', async () => {
    for (const authorization of ['Basic x', 'Bearer nonsense', `Bearer ${newApiKeyToken().token}`]) {
      await expect(sessions.authenticate(credentialsOf(authorization), today)).rejects.toThrow();
      expect(sessions.find(credentialsOf(authorization), today)).toBe(undefined);
    }
  });
});

describe('a token that was verified', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  const local = createLocalJWKSet({ keys: [publicJwk] });

  it('is not verified again for a minute, nor believed past its end', async () => {
    const tokens = createVerifiedTokens([trustedIssuer], 10);
    const [long, short] = [await mint({ sub: 'usr_a' }), await mint({ sub: 'usr_a', exp: Date.now() / 1000 + 10 })];
    for (const token of [long, short]) await tokens.verify(token);
    const found = (ms: number) => {
      vi.setSystemTime(Date.now() + ms);
      return [long, short].map((token) => tokens.find(token)?.userId);
    };

    expect(found(0)).toEqual(['usr_a', 'usr_a']);
    // Five seconds for a clock that goes otherwise.
    expect(found(16_000)).toEqual(['usr_a', undefined]);
    expect(found(45_000)).toEqual([undefined, undefined]);
  });

  it('is refused a minute after its key was withdrawn', async () => {
    let isWithdrawn = false;
    const keys: JWTVerifyGetKey = (...given) => {
      if (isWithdrawn) throw new Error('there is no such key');
      return local(...given);
    };
    const tokens = createVerifiedTokens([{ ...trustedIssuer, keys }], 10);
    const token = await mint({ sub: 'usr_a' });
    await tokens.verify(token);

    isWithdrawn = true;
    vi.setSystemTime(Date.now() + 60_000);

    expect(tokens.find(token)).toBe(undefined);
    await expect(tokens.verify(token)).rejects.toThrow();
  });

  it('is forgotten where there are too many, and never remembered where none shall be', async () => {
    const [few, none] = [createVerifiedTokens([trustedIssuer], 1), createVerifiedTokens([trustedIssuer], 0)];
    const [first, second] = [await mint({ sub: 'usr_a' }), await mint({ sub: 'usr_b' })];
    for (const token of [first, second]) for (const tokens of [few, none]) await tokens.verify(token);

    expect([first, second].map((token) => few.find(token)?.userId)).toEqual([undefined, 'usr_b']);
    expect(none.find(second)).toBe(undefined);
  });
});
