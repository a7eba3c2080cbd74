import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashOfPlatformKeyToken } from '../../src/domain/keys/platform-key-token.ts';
import { anOrganization } from '../kit/world.ts';
import { aBlankDatabase } from './bootstrapping.ts';
import { aServiceOn } from './external.ts';
import { ownFolder, run } from './process.ts';

interface Printed {
  id: string;
  status: string;
  secret: string;
  scopes: string[];
  expiresAt: string | null;
}

async function aCommand() {
  const { db, env } = await aBlankDatabase();
  const platformKey = (...parameters: string[]) => run(['platform-key', ...parameters], { env });
  const json = async <Answer = Printed>(...parameters: string[]): Promise<Answer> => {
    const { code, stdout, stderr } = await platformKey(...parameters, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  return { db, env, platformKey, json };
}

const create = ['create', '--name', 'Gateway', '--scopes', 'usage:write, read'];

describe('platform-key', () => {
  it('creates a key, prints it once and nothing else, and stores its hash', async () => {
    const { db, platformKey } = await aCommand();

    const { code, stdout, stderr } = await platformKey(...create);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^mgp_[\w-]{43}\n$/);
    expect(stderr).toMatch(
      /^Created plk_\w+ "Gateway" \(….{4}\), read,usage:write, created \S+, does not expire\. The key is shown this once:\n$/,
    );
    const [row] = await db.platformKey.findMany();
    expect(row).toMatchObject({ name: 'Gateway', scopes: ['read', 'usage:write'], expiresAt: null, revokedAt: null });
    expect(row?.hash).toEqual(hashOfPlatformKeyToken(stdout.trim()));
  });

  it('lists all keys, newest first, without what they are', async () => {
    const { platformKey, json } = await aCommand();
    expect(await platformKey('list')).toEqual({ code: 0, stdout: '', stderr: 'There is no platform key.\n' });
    const first = await json(...create);
    const second = await json('create', '--name', 'Other', '--scopes', 'keys:use', '--expires', '90d');
    await json('revoke', first.id);

    const { stdout } = await platformKey('list');

    const [newest = '', oldest = ''] = stdout.trim().split('\n');
    expect(newest).toMatch(new RegExp(`^${second.id} "Other" .*, keys:use, .*, expires ${second.expiresAt}$`));
    expect(oldest).toMatch(new RegExp(`^${first.id} "Gateway" .*, revoked \\S+$`));
    for (const { secret } of [first, second]) expect(stdout).not.toContain(secret);
    const listed = await json<Printed[]>('list');
    expect(listed.map(({ id, status }) => [id, status])).toEqual([
      [second.id, 'ACTIVE'],
      [first.id, 'REVOKED'],
    ]);
    expect(listed.every((key) => !('secret' in key) && !('hash' in key))).toBe(true);
  });

  it('revokes for good: when it is done no process accepts the key, and to revoke again changes nothing', async () => {
    const { env, json } = await aCommand();
    const { id, secret } = await json(...create);
    const services = [await aServiceOn(env.DATABASE_URL ?? ''), await aServiceOn(env.DATABASE_URL ?? '')];
    const ask = (url: string) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        body: JSON.stringify({ query: '{ caller { platformKeyId } }' }),
      }).then((response) => response.status);
    for (const { url } of services) for (let time = 0; time < 3; time++) expect(await ask(url)).toBe(200);

    const revoked = await json('revoke', id);

    for (const { url } of services) expect(await ask(url)).toBe(401);
    expect(revoked.status).toBe('REVOKED');
    expect(await json('revoke', id)).toEqual(revoked);
  });

  it('makes keys by which one command keeps the policies of several organizations', async () => {
    const { db, env, json } = await aCommand();
    const { secret } = await json('create', '--name', 'Pipeline', '--scopes', 'policy:write');
    const { url } = await aServiceOn(env.DATABASE_URL ?? '');
    const ids = [await anOrganization(db, 'One'), await anOrganization(db, 'Two')].map(({ id }) => id);
    const file = join(await ownFolder(), 'policy.json');
    await writeFile(file, JSON.stringify({ disabledProviders: ['google'] }));
    const orgs = ids.flatMap((id) => ['--org', id]);

    const applied = await run(['policy', 'apply', ...orgs, '-f', file, '--url', url], {
      env: { MODELGATE_TOKEN: secret },
    });

    expect({ code: applied.code, stderr: applied.stderr }).toEqual({ code: 0, stderr: '' });
    for (const id of ids) {
      expect(applied.stdout).toContain(`Applied: ${id} is at revision 1.`);
      expect(await db.modelSettings.findUnique({ where: { organizationId: id } })).toMatchObject({
        disabledProviders: ['google'],
      });
    }
  });

  it.each([
    [[], /^What shall be done\?\n\nUsage: /],
    [['make'], /^There is no "platform-key make"\./],
    [['create', '--scopes', 'read'], /^What is it for\? Give --name\./],
    [['create', '--name', ' ', '--scopes', 'read'], /^--name must not be empty\.$/m],
    [['create', '--name', 'x'], /^What may it do\? Give --scopes\./],
    [['create', '--name', 'x', '--scopes', ''], /^"" is no scope\. There are: read, /],
    [['create', '--name', 'x', '--scopes', 'read,settings:write'], /^"settings:write" is no scope\./],
    [['create', '--name', 'x', '--scopes', 'organizations:write'], /^organizations:write needs read too/],
    [[...create, '--expires', '3 months'], /^"3 months" is not a duration\./],
    [[...create, '--expires', '99999w'], /^"99999w" is not a duration\./],
    [['revoke'], /^Which key\?/],
    [['revoke', 'plk_absent'], /^There is no platform key "plk_absent": see /],
    [['list', '--all'], /^Unknown option '--all'/],
  ])('refuses %j in a sentence, and changes nothing', async (parameters, sentence) => {
    const { db, platformKey } = await aCommand();

    const { code, stdout, stderr } = await platformKey(...parameters);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(await db.platformKey.count()).toBe(0);
  });

  it('says what is missing where there is no database', async () => {
    const folder = await ownFolder();

    const { code, stderr } = await run(['platform-key', 'list'], { env: { DATA_DIR: folder } });

    expect(code).toBe(1);
    expect(stderr).toBe(`There is no data in ${folder}. Set DATA_DIR to its folder, or DATABASE_URL.\n`);
  });
});
