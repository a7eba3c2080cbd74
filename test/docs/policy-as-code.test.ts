import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { ownFolder, projectFolder, script } from '../commands/process.ts';
import { CreateApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';
import { openShell } from './shell.ts';

interface Workflow {
  on: Record<string, unknown>;
  defaults: { run: { shell: string } };
  env: Record<string, string>;
  jobs: Record<string, { if: string; steps: { name?: string; uses?: string; run?: string }[] }>;
}

const { ask, aWorld, db, listener } = await startService();
const example = 'examples/policy-as-code';
const named = 'org_abc123def456';

/** The repository of somebody who has followed the README of the example, and its workflow. */
async function aRepository(organizationId: string) {
  const folder = await ownFolder();
  await cp(join(projectFolder, example), folder, { recursive: true });
  const policies = join(folder, 'policies');
  const document = await readFile(join(policies, `${named}.yaml`), 'utf8');
  await writeFile(join(policies, `${organizationId}.yaml`), document.replaceAll(named, organizationId));
  const text = await readFile(join(folder, '.github/workflows/policy.yml'), 'utf8');
  return { folder, workflow: parse(text.replaceAll(named, organizationId)) as Workflow };
}

it('the workflow of the example plans a pull request, and applies what is merged', async () => {
  const { organization, owner } = await aWorld();
  const { url, close } = await listenOnLoopback(listener);
  onTestFinished(close);
  const key = { organizationId: organization.id, name: 'Pipeline', scopes: ['SETTINGS_WRITE' as const] };
  const { data } = await ask(CreateApiKey, { input: key }, { as: owner });
  const token = data?.createApiKey.__typename === 'CreateApiKeyPayload' ? data.createApiKey.secret : '';
  const { folder, workflow } = await aRepository(organization.id);
  const summary = join(folder, 'summary.md');
  const given: Record<string, string> = { 'vars.MODELGATE_URL': url, 'secrets.MODELGATE_TOKEN': token };
  const env = Object.fromEntries(
    Object.entries(workflow.env).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => given[expression] ?? expect.fail(expression)),
    ]),
  );
  const shell = openShell({
    cwd: folder,
    env: { ...env, GITHUB_STEP_SUMMARY: summary, GITHUB_REPOSITORY: 'acme/policy', GITHUB_SHA: '0a1b2c' },
    // That npm installs the package is test/commands/package.test.ts.
    prelude: `npm() { test "$*" = 'install --global modelgate'; }; modelgate() { node ${script} "$@"; }; export -f npm modelgate`,
  });
  /** What the steps of a job print; each must end well, in the shell that the workflow names. */
  const runJob = async (name: string) => {
    let printed = '';
    for (const { run } of workflow.jobs[name]?.steps ?? expect.fail(name)) {
      if (run === undefined) continue;
      const file = join(folder, 'step.sh');
      await writeFile(file, run);
      const commands = `bash --noprofile --norc -eo pipefail ${file}; echo "status $?"`;
      printed += await shell({ line: 0, info: '', commands });
    }
    expect(printed.match(/^status .*$/gm)).toEqual(['status 0', 'status 0']);
    return printed;
  };
  const revisionOf = async () => (await db.organization.findUniqueOrThrow({ where: { id: organization.id } })).revision;
  const before = await revisionOf();

  expect(Object.keys(workflow.on)).toEqual(['pull_request', 'push']);
  expect(workflow.defaults.run.shell).toBe('bash');
  expect(await runJob('plan')).toContain(`${organization.id}, at revision ${before}, would change:`);
  expect(await revisionOf()).toBe(before);
  expect(await runJob('apply')).toContain(`Applied: ${organization.id} is at revision ${before + 1}.`);
  expect(await readFile(summary, 'utf8')).toContain('    + gpt-4o-mini');

  expect(await runJob('plan')).toContain('nothing to do.');
  await runJob('apply');
  expect(await revisionOf()).toBe(before + 1);
  const where = { organizationId: organization.id, action: 'POLICY_APPLIED' };
  expect(await db.revision.findMany({ where })).toMatchObject([{ reason: 'acme/policy@0a1b2c' }]);

  await writeFile(join(folder, 'policies', `${organization.id}.yaml`), 'disabledModel: [x]\n');
  await expect(runJob('plan')).rejects.toThrow('status 1');
  expect(await readFile(summary, 'utf8')).toContain('disabledModel: is unknown; did you mean disabledModels?');
});
