import { chown, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../kit/database.ts';
import { mint } from '../kit/issuer.ts';
import { temporaryFolder } from '../kit/temporary-postgres.ts';
import { environmentOn } from './external.ts';
import { addressOf, end, launch, type Options, projectFolder, runs } from './process.ts';

/** Root installs and runs it as somebody who may do little. */
const uid = process.getuid?.() === 0 ? 65534 : undefined;

let files: string[];
let folder: string;
let remove: () => Promise<void>;

// What the registry would hand out, installed in an empty folder by a plain user, without a cache or the registry: it has no
// dependencies but the optional binaries of PostgreSQL, of which an image has no need.
beforeAll(async () => {
  ({ folder, remove } = await temporaryFolder());
  // It was built by the run's set-up.
  const packed = await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], projectFolder);
  const [{ filename, ...tarball }] = JSON.parse(packed);
  files = tarball.files.map(({ path }: { path: string }) => path);
  if (uid !== undefined) await chown(folder, uid, uid);
  await npm(['install', '--offline', '--omit=optional', '--no-audit', '--no-fund', `./${filename}`], folder, uid);
});
afterAll(() => remove());

async function npm(parameters: string[], cwd: string, user?: number): Promise<string> {
  const env = { HOME: folder, npm_config_cache: join(folder, `.npm-${user}`), npm_config_update_notifier: 'false' };
  const { code, stdout, stderr } = await launch(parameters, { program: 'npm', env, cwd, uid: user }).outcome;
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** The installed program, in the folder of its installation, as it runs in production. */
function modelgate(parameters: string[], env: Options['env'] = {}, program = 'node_modules/.bin/modelgate') {
  const variables = { ...env, NODE_ENV: 'production', npm_command: '' };
  return runs(parameters, { program: join(folder, program), env: variables, cwd: folder, uid });
}

describe('the package', () => {
  it('has what runs, its documentation, and no source, test or tool', () => {
    const expected =
      /^(docs\/[\w-]+\.(md|png)|deploy\/\w+\/[\w.-]+|(examples|integrations)\/[\w/.-]+|[A-Z]+\.md|bin\/\w+\.cjs|dist\/.+\.(js|json|css|png|txt|wasm|d\.ts)|prisma\/migrations\/.+|schema(\.subgraph)?\.graphql|package\.json|README\.md|LICENSE|\.env\.example)$/;

    expect(files.filter((path) => !expected.test(path))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['docs/production.md', 'deploy/systemd/modelgate.service']));
  });

  it('has the SDK, for whoever imports it', async () => {
    const use = `import { connect } from 'modelgate/sdk';
      await connect({ url: 'http://127.0.0.1:1', apiKey: 'x', organizationId: 'org_a' }).catch(({ code }) => console.log(code));`;

    const node = { program: process.execPath, cwd: folder, uid };
    const { stdout } = await launch(['--input-type=module', '--eval', use], node).outcome;

    expect(stdout).toBe('UNAVAILABLE\n');
    expect(files).toEqual(expect.arrayContaining(['dist/sdk.js', 'dist/sdk.d.ts']));
  });

  it('migrates, serves, decides and stops where nothing else is installed', async () => {
    const database = await createTestDatabase({ blank: true });
    const env = { ...(await environmentOn(database.url)), AUTH_CLIENT_ID: 'modelgate' };
    try {
      const migrated = await modelgate(['migrate'], { ...env, MIGRATE_DATABASE_URL: database.ownerUrl }).outcome;
      const service = modelgate(['serve'], env);
      const url = await addressOf(service);
      const ask = async (path: string, init: RequestInit = {}) => (await fetch(`${url}${path}`, init)).status;
      const token = await mint({ sub: 'usr_newcomer', org_id: 'org_newcomers', org_role: 'org:admin' });
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: '{"query":"{ modelAccess(organizationId: \\"org_newcomers\\", modelKey: \\"gpt-4o\\") { allowed } }"}',
      });
      const body = await answer.json();
      const pages = await Promise.all(
        ['/v1/docs', '/sign-in'].map(async (path) => (await fetch(`${url}${path}`)).text()),
      );
      const assets = pages.join().match(/\/assets\/[\w./-]+\.(?:css|js)/g) ?? [];
      const statuses = await Promise.all(['/ready', '/v1/openapi.json', ...assets].map((path) => ask(path)));
      const { code, stderr } = await end(service);

      expect(migrated).toMatchObject({ code: 0, stderr: '' });
      expect(body).toEqual({ data: { modelAccess: { allowed: true } } });
      // Those of Swagger UI, and what signs users in.
      expect(assets.length).toBeGreaterThan(2);
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect({ code, stderr }).toEqual({ code: 0, stderr: `Modelgate is ready: ${url}/graphql\n` });
    } finally {
      await database.drop();
    }
  });

  it('says in a sentence that it has no PostgreSQL, where its binaries were left out', async () => {
    const { code, stdout, stderr } = await modelgate(['serve'], { PORT: '0' }).outcome;

    expect(stderr).toMatch(/^There is no PostgreSQL of its own .* is not installed\. Set DATABASE_URL to [^\n]+\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('names the commands as they are called where it is installed', async () => {
    await mkdir(join(folder, 'bin'), { recursive: true });
    await symlink(join(folder, 'node_modules/modelgate/bin/modelgate.cjs'), join(folder, 'bin/modelgate'));

    const inProject = await modelgate(['help', 'token']).outcome;
    const everywhere = await modelgate(['help', 'token'], {}, 'bin/modelgate').outcome;
    const help = await modelgate(['--help']).outcome;

    expect(inProject.stdout).toMatch(/^Usage: npx modelgate token </);
    expect(everywhere.stdout).toMatch(/^Usage: modelgate token </);
    expect(help.stdout).toContain('are in node_modules/modelgate/.env.example.');
  });
});
