import { execFile } from 'node:child_process';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { ownFolder, projectFolder, run } from '../commands/process.ts';
import { tokenOf } from '../kit/issuer.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';

const execute = promisify(execFile);
const sources = join(projectFolder, 'clients/typescript');
const installed = (name: string) => `file:${join(projectFolder, 'node_modules', name)}`;

/** What an application may have in its tsconfig.json. */
const settings = {
  node16: { module: 'node16', moduleResolution: 'node16' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

/** Packs the client, as it was built before the tests, and installs it in an empty folder. */
async function install() {
  const folder = await ownFolder();
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await execute('npm', pack, { cwd: sources });
  const [packed] = JSON.parse(stdout) as {
    filename: string;
    size: number;
    unpackedSize: number;
    files: { path: string }[];
  }[];
  const dependencies = {
    '@modelgate/client': `file:./${packed?.filename}`,
    '@graphql-typed-document-node/core': installed('@graphql-typed-document-node/core'),
    graphql: installed('graphql'),
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  await execute('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  return { folder, packed };
}

/** Compiles modules of an application, with every check of TypeScript, that of the package's own types too. */
async function compile(folder: string, files: string[], { module, moduleResolution }: Record<string, string>) {
  const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc');
  const flags = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--verbatimModuleSyntax'];
  const types = ['--types', 'node', '--typeRoots', join(projectFolder, 'node_modules/@types'), '--target', 'es2022'];
  const modules = ['--module', `${module}`, '--moduleResolution', `${moduleResolution}`];
  const { stdout } = await execute(process.execPath, [tsc, ...flags, ...types, ...modules, ...files], {
    cwd: folder,
  }).catch((failure: { stdout: string }) => failure);
  return stdout;
}

const mistakes = `import { isModelgateError, ModelAccessDocument, type UpdateModelSettingsMutation, createClient } from '@modelgate/client';
const client = createClient({ url: 'http://localhost:4000/graphql' });
// @ts-expect-error: the key of the model is missing.
await client.request(ModelAccessDocument, { organizationId: 'org_abc123def456' });
export function revisionOf({ updateModelSettings: result }: UpdateModelSettingsMutation): number {
  // @ts-expect-error: an error has no revision.
  if (isModelgateError(result)) return result.revision;
  // @ts-expect-error: what would be changed has no settings.
  void result.disabledProviders;
  // @ts-expect-error: what was changed has no code.
  return result.code ?? result.revision;
}
`;

it('the package has 100 kB at most, and nothing but the client, and an application of it compiles and runs', async () => {
  const { folder, packed } = await install();
  await cp(join(sources, 'examples/typed-client.ts'), join(folder, 'application.ts'));
  await writeFile(join(folder, 'mistakes.ts'), mistakes);

  const modules = (await readdir(join(sources, 'src'), { recursive: true })).filter((name) => name.endsWith('.ts'));
  const built = modules.flatMap((name) => ['js', 'd.ts'].map((ending) => `dist/${name.replace(/ts$/, ending)}`));
  expect(packed?.files.map(({ path }) => path).sort()).toEqual(
    ['LICENSE', 'README.md', 'package.json', ...built].sort(),
  );
  // The 100 kB are what npm downloads; what it unpacks grows with every operation.
  expect(packed?.size).toBeLessThanOrEqual(30_000);
  expect(packed?.unpackedSize).toBeLessThanOrEqual(115_000);
  for (const [name, how] of Object.entries(settings)) {
    expect([name, await compile(folder, ['mistakes.ts', 'application.ts'], how)]).toEqual([name, '']);
  }

  const service = await startService();
  const { organization, admin, member } = await service.aWorld();
  const { url, close } = await listenOnLoopback(service.listener);
  onTestFinished(close);
  const runAs = async (person: { id: string }) => {
    const env = { MODELGATE_URL: `${url}/graphql`, TOKEN: await tokenOf(person) };
    return run(['application.js'], { program: process.execPath, cwd: folder, env });
  };

  const first = await runAs(admin);
  const [again, denied] = await Promise.all([runAs(admin), runAs(member)]);

  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout.trim().split('\n')).toEqual([
    `${admin.name} is ADMIN of ${organization.name}.`,
    'At revision 0, disabled are: none.',
    'It would change: disabledProviders.',
    'At revision 1, disabled are: mistral.',
    'There is no opnai among aitronos, anthropic, cohere, google, mistral, openai.',
    'claude-sonnet-4-6: allowed',
    'mistral-large-2512: PROVIDER_DISABLED',
    'gpt-9: UNKNOWN_MODEL',
  ]);
  expect(again.stdout).toContain(
    'At revision 1, disabled are: mistral.\nIt would change: nothing.\nAt revision 1, disabled are: mistral.\n',
  );
  expect(denied.stdout).toContain('Refused (INSUFFICIENT_PERMISSIONS): ');
});

it('loads where there is no other package, so that a browser may have it', async () => {
  const folder = await ownFolder();
  await cp(join(sources, 'dist'), folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const script = "import { textOf, CallerDocument } from './index.js'; console.log(textOf(CallerDocument));";

  const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });

  expect(stdout).toMatch(/^query Caller\{caller\{/);
});

it('the package has the version of the service', async () => {
  const versionIn = async (folder: string) => JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')).version;

  expect(await versionIn(sources)).toBe(await versionIn(projectFolder));
});
