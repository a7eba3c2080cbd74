import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../kit/database.ts';
import { mint } from '../kit/issuer.ts';
import { environmentOn } from './external.ts';
import { addressOf, end, run, runs } from './process.ts';

/** A database of one's own, and the environment of a service on it that trusts an issuer of one's own. */
async function aDatabase(options?: { blank: boolean }) {
  const database = await createTestDatabase(options);
  onTestFinished(() => database.drop());
  return { ...database, env: await environmentOn(database.url) };
}

async function count(url: string, table: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(`SELECT count(*)::int AS count FROM "${table}"`).finally(() => client.end());
  return rows[0]?.count;
}

const browse = (url: string) => fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });

describe('serve with DATABASE_URL', () => {
  it('uses that database and that issuer, and shows neither a demo world nor GraphiQL', async () => {
    const { env, ownerUrl } = await aDatabase();
    const service = runs(['serve'], { env });
    const url = await addressOf(service);

    const ready = await fetch(`${url}/ready`);
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await mint({ sub: 'usr_newcomer' })}` },
      body: JSON.stringify({ query: '{ caller { memberships { role } } }' }),
    });
    const [page, keys] = await Promise.all([browse(url), fetch(`${url}/.well-known/jwks.json`)]);
    const { code, stderr } = await end(service);

    expect(ready.status).toBe(200);
    expect(await answer.json()).toEqual({ data: { caller: { memberships: [] } } });
    expect(page.status).toBe(400);
    expect(await page.text()).toContain('There is no page to try queries on');
    expect(keys.status).toBe(404);
    expect(await count(ownerUrl, 'Organization')).toBe(0);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Modelgate is ready: ${url}/graphql\n` });
  });

  it('starts without the keys of the issuer, which its callers and /ready are told', async () => {
    const { env } = await aDatabase();
    const service = runs(['serve'], { env: { ...env, AUTH_JWKS_URL: 'http://mara:hunter2@127.0.0.1:2/jwks.json' } });
    const url = await addressOf(service);

    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await mint({ sub: 'usr_newcomer' })}` },
      body: JSON.stringify({ query: '{ caller { user { id } } }' }),
    });
    const ready = await fetch(`${url}/ready`);
    const body = await ready.json();
    const { code, stdout } = await end(service);

    expect(answer.status).toBe(503);
    expect([ready.status, body]).toEqual([
      200,
      { status: 'ready', issuers: [{ issuer: env.AUTH_ISSUER, keys: 'missing', since: expect.any(String) }] },
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain(`"issuer":"${env.AUTH_ISSUER}"`);
    expect(stdout).toContain('cannot be reached (ECONNREFUSED)');
    expect(stdout).not.toMatch(/hunter2|127\.0\.0\.1/);
  });

  it('refuses a database that is behind, and says what mends it; shows GraphiQL where GRAPHIQL says so', async () => {
    const { env, ownerUrl } = await aDatabase({ blank: true });

    const behind = await run(['serve'], { env });
    const migrated = await run(['migrate'], { env: { ...env, MIGRATE_DATABASE_URL: ownerUrl } });
    const page = await (await browse(await addressOf(runs(['serve'], { env: { ...env, GRAPHIQL: 'true' } })))).text();

    expect(behind).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The database lacks migrations, from \d{14}_\w+ on\. Run: npm run migrate\n$/),
    });
    expect(migrated.code).toBe(0);
    expect(page).toContain('WhoAmI');
    expect(page).not.toMatch(/demo world|Bearer/);
  });

  it('lets users of its pages sign in at the issuer where AUTH_CLIENT_ID says so', async () => {
    const { env } = await aDatabase();

    const url = await addressOf(runs(['serve'], { env: { ...env, GRAPHIQL: 'true', AUTH_CLIENT_ID: 'pages' } }));
    const page = await (await browse(url)).text();
    const script = await fetch(url + /src="(.*\/page\.js)"/.exec(page)?.[1]);
    const settings = await fetch(`${url}/sign-in/settings.json`);

    expect(page).toContain('# Sign in, above.');
    expect(await script.text()).toContain("from './session.js'");
    // Nobody is there.
    expect(await settings.json()).toEqual({
      problem: expect.stringContaining(`The issuer ${env.AUTH_ISSUER} cannot be`),
    });
  });

  it('refuses a database that it cannot reach, and does not tell the password', async () => {
    const { env } = await aDatabase({ blank: true });
    const DATABASE_URL = 'postgresql://modelgate:hunter2@127.0.0.1:1/modelgate';

    expect(await run(['serve'], { env: { ...env, DATABASE_URL } })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The database at 127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1.\n',
    });
  });
});
