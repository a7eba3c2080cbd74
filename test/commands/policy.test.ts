import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { CreateConfig } from '../kit/config-operations.ts';
import { tokenOf } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { ApplyPolicy } from '../kit/policy-documents.ts';
import { startService } from '../kit/service.ts';
import { aReport, record } from '../kit/usage.ts';
import type { World } from '../kit/world.ts';
import { environment, ownFolder, run, script } from './process.ts';

const { ask, aWorld, db, listener } = await startService();
const { url, close } = await listenOnLoopback(listener);
afterAll(close);

/** The command, as an API key of an organization calls it. */
async function commandFor(world: World) {
  const { token } = await anApiKey({ ask }, world, ['SETTINGS_WRITE']);
  const cwd = await ownFolder();
  const env = { MODELGATE_URL: url, MODELGATE_TOKEN: token };
  return {
    policy: (...parameters: string[]) => run(['policy', ...parameters], { env, cwd }),
    write: (file: string, document: string) => writeFile(join(cwd, file), document),
    read: (file: string) => readFile(join(cwd, file), 'utf8'),
    cwd,
    token,
  };
}

const revisionOf = async ({ organization: { id } }: World) =>
  (await db.organization.findUniqueOrThrow({ where: { id } })).revision;

describe('modelgate policy', () => {
  it('exports a policy that plans as nothing to do, in both formats, to a file and to the standard output', async () => {
    const world = await aWorld();
    const { policy, write, read } = await commandFor(world);
    const org = ['--org', world.organization.id];
    await write('policy.yaml', 'disabledModels: [gpt-4o, "1e3"]');
    expect(await policy('apply', ...org, '-f', 'policy.yaml')).toMatchObject({ code: 0, stderr: '' });

    const { stdout } = await policy('export', ...org);
    expect(stdout).toBe(`organizationId: ${world.organization.id}\ndisabledModels:\n  - gpt-4o\n  - "1e3"\n`);
    expect(await policy('export', ...org, '-f', '{org}.json')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(JSON.parse(await read(`${world.organization.id}.json`))).toMatchObject({
      disabledModels: ['gpt-4o', '1e3'],
    });
    const plan = await policy('plan', ...org, '-f', '{org}.json');
    expect(plan).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining(`${world.organization.id}: nothing to do.`),
    });
    const past = await policy('export', ...org, '--format', 'json', '--at-revision', '0');
    expect(JSON.parse(past.stdout)).toEqual({ organizationId: world.organization.id });
  });

  it('plans with 2 where there are changes, tells what they mean, and changes nothing', async () => {
    const world = await aWorld();
    const { policy, write } = await commandFor(world);
    const organizationId = world.organization.id;
    const config = { organizationId, provider: 'openai', modelId: 'gpt-4o', scope: 'ORGANIZATION' as const };
    await ask(CreateConfig, { input: config }, { as: world.admin });
    await record({ ask }, world.organization, world.admin, [aReport({ userId: world.member.id })]);
    const revision = await revisionOf(world);
    await write('policy.yaml', 'disabledModels: [openai/gpt-4o, gpt-4oo]\ndefaultModelKey: gpt-4.1\n');

    const { code, stdout, stderr } = await policy('plan', '--org', organizationId, '-f', 'policy.yaml');

    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toContain(
      `${organizationId}, at revision ${revision}, would change:\n  defaultModelKey\n    + gpt-4.1\n  disabledModels\n    + openai/gpt-4o\n    + gpt-4oo\n`,
    );
    expect(stdout).toMatch(
      / {2}\d+ models are newly blocked \(1 use in the last 30 days, \$[\d.]+\):\n {4}openai\/gpt-4o: 1 use by 1 user\n/,
    );
    expect(stdout).toContain('  1 configuration stops working, which the caller may not see.\n');
    expect(stdout).toMatch(/The default model of \d members? changes from none to openai\/gpt-4\.1/);
    expect(stdout).toContain('Warning: "gpt-4oo" names no model; did you mean gpt-4o');
    expect(await revisionOf(world)).toBe(revision);

    const json = JSON.parse((await policy('plan', '--org', organizationId, '-f', 'policy.yaml', '--json')).stdout);
    expect(json).toMatchObject({
      hasChanges: true,
      organizations: [{ organizationId, file: 'policy.yaml', revision, impact: { recentUses: 1 } }],
    });
  });

  it('applies what it has planned, once, with its reason', async () => {
    const world = await aWorld();
    const { policy, write } = await commandFor(world);
    const parameters = ['apply', '--org', world.organization.id, '-f', 'policy.yaml', '--reason', 'Terms'];
    await write('policy.yaml', 'disabledModels: [gpt-4o]');
    const before = await revisionOf(world);

    const first = await policy(...parameters);
    const second = await policy(...parameters, '--json');

    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(`would change:\n  disabledModels\n    + gpt-4o\n`);
    expect(first.stdout).toContain(`Applied: ${world.organization.id} is at revision ${before + 1}.\n`);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(second.stdout)).toMatchObject({
      hasChanges: false,
      organizations: [{ changes: [], applied: { outcome: 'UNCHANGED', revision: before + 1 } }],
    });
    const where = { organizationId: world.organization.id, action: 'POLICY_APPLIED' };
    expect(await db.revision.findMany({ where })).toMatchObject([{ number: before + 1, reason: 'Terms' }]);
  });

  it('does not blame the file for a reason that is too long', async () => {
    const world = await aWorld();
    const { policy, write } = await commandFor(world);
    await write('policy.yaml', 'disabledModels: [x]');

    const { code, stderr } = await policy(
      ...['apply', '--org', world.organization.id, '-f', 'policy.yaml'],
      '--reason',
      'x'.repeat(501),
    );

    expect(code).toBe(1);
    expect(stderr).toMatch(/^reason: must not be longer than 500 characters\nNothing was changed\.\n$/);
  });

  it('plans a document of the greatest length, and tells of one that is longer', async () => {
    const world = await aWorld();
    const { policy, write } = await commandFor(world);
    const parameters = ['plan', '--org', world.organization.id, '-f', 'policy.yaml'];
    await write('policy.yaml', `{}\n#${'x'.repeat(262_140)}`);
    expect(await policy(...parameters)).toMatchObject({ code: 0, stderr: '' });

    await write('policy.yaml', `{}\n#${'x'.repeat(262_141)}`);
    const { code, stderr } = await policy(...parameters);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'policy.yaml: must not be longer than 262144 bytes\nNothing was changed.\n',
    });
    await write('policy.yaml', `#${'x'.repeat(1_100_000)}`);
    expect((await policy(...parameters)).stderr).toMatch(/\n?Nothing was changed\.\n$/);
  });

  it('reads the standard input', async () => {
    const world = await aWorld();
    const { cwd, token } = await commandFor(world);
    const env = environment({ MODELGATE_URL: url, MODELGATE_TOKEN: token });
    const child = spawn(process.execPath, [script, 'policy', 'plan', '--org', world.organization.id, '-f', '-'], {
      cwd,
      env,
    });
    child.stdin.end('disabledModels: [x]\nallowed: []\n');

    expect(await text(child.stderr)).toBe(
      'the standard input:2:1: allowed: is unknown; a policy has $schema, organizationId, disabledProviders, disabledModels, allowedModels, defaultModelKey, newModels, reviewedAt, approvedModels, aliases, scopes\nNothing was changed.\n',
    );
  });

  it('plans all organizations before it changes any, and names every fault with its file and line', async () => {
    const [world, other] = [await aWorld(), await aWorld()];
    const { policy, write } = await commandFor(world);
    const ids = [world.organization.id, other.organization.id];
    await write('token', await tokenOf({ id: world.admin.id }));
    await db.membership.create({
      data: { organizationId: other.organization.id, userId: world.admin.id, role: 'ADMIN' },
    });
    const parameters = [...ids.flatMap((id) => ['--org', id]), '-f', '{org}.yaml', '--token-file', 'token'];
    await write(`${ids[0]}.yaml`, 'disabledModels: [x]');
    await write(`${ids[1]}.yaml`, `organizationId: ${ids[0]}\ndisabledModels: [x]`);
    const before = await Promise.all([world, other].map(revisionOf));

    const refused = await policy('apply', ...parameters);

    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(
      `${ids[1]}.yaml:1:1: organizationId: is ${ids[0]}: this is a document of another organization`,
    );
    expect(await Promise.all([world, other].map(revisionOf))).toEqual(before);

    await write(`${ids[1]}.yaml`, 'disabledModels: [x]');
    const planned = await policy('plan', ...parameters);
    expect(planned).toMatchObject({ code: 2, stdout: expect.stringContaining('2 of 2 organizations would change.') });
    expect(await policy('apply', ...parameters)).toMatchObject({ code: 0, stderr: '' });
    expect(await Promise.all([world, other].map(revisionOf))).toEqual(before.map((revision) => revision + 1));

    const exported = await policy('export', ...parameters, '--org', 'org_none');
    expect(exported).toMatchObject({ code: 1, stderr: "org_none: You don't have access to this organization.\n" });
  });

  it('fails where somebody changes an organization between the plan and the change, and says what was applied', async () => {
    const [world, other] = [await aWorld(), await aWorld()];
    const { policy, write } = await commandFor(world);
    await db.membership.create({
      data: { organizationId: other.organization.id, userId: world.admin.id, role: 'ADMIN' },
    });
    const ids = [world.organization.id, other.organization.id];
    const token = await tokenOf({ id: world.admin.id });
    await write('token', token);
    await write('policy.yaml', 'disabledModels: [x]');
    // Between the service and the command: the second change comes after one of somebody else.
    let changes = 0;
    const proxy = await listenOnLoopback((request, response) => {
      void (async () => {
        const body = await text(request);
        if (!body.includes('"dryRun"')) changes += 1;
        if (changes === 2) {
          const input = { organizationId: other.organization.id, document: 'disabledModels: [y]' };
          await ask(ApplyPolicy, { input }, { as: other.admin });
        }
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
        const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
        response.setHeader('content-type', 'application/json').end(await answer.text());
      })();
    });

    const parameters = [
      ...ids.flatMap((id) => ['--org', id]),
      '-f',
      'policy.yaml',
      '--token-file',
      'token',
      '--url',
      proxy.url,
    ];
    const { code, stdout, stderr } = await policy('apply', ...parameters);
    proxy.close();

    expect(code).toBe(1);
    expect(stdout).toContain(`Applied: ${ids[0]} is at revision `);
    expect(stderr).toMatch(
      /: somebody changed it after it was planned \(revision \d+ then, \d+ now\)\. Plan again\.\n/,
    );
    expect(stderr).toContain(`Applied: ${ids[0]}. Not applied: ${ids[1]}.`);
    const settings = await db.modelSettings.findUnique({ where: { organizationId: other.organization.id } });
    expect(settings?.disabledModels).toEqual(['y']);
  });

  it.each([
    [
      'a key that may read alone',
      async (world: World) => (await anApiKey({ ask }, world, ['READ'])).token,
      /lacks the scope SETTINGS_WRITE/,
    ],
    ['a member', async ({ member }: World) => tokenOf(member), /You must be an Admin or Owner/],
    ['a stranger', async ({ stranger }: World) => tokenOf(stranger), /org_\w+: /],
    ['a token that nobody signed', async () => 'mgk_nobody', /^The service does not accept the token: /],
  ])('is refused to %s', async (_, tokenFor, message) => {
    const world = await aWorld();
    const { policy, write } = await commandFor(world);
    await write('token', await tokenFor(world));
    await write('policy.yaml', '{}');

    for (const verb of ['export', 'plan', 'apply']) {
      const file = verb === 'export' ? [] : ['-f', 'policy.yaml'];
      const { code, stderr, stdout } = await policy(
        verb,
        '--org',
        world.organization.id,
        ...file,
        '--token-file',
        'token',
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(verb === 'export' ? /\w/ : message);
    }
  });
});
