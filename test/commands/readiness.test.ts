import pg from 'pg';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { watchReadiness } from '../../src/commands/readiness.ts';
import { createTestDatabase } from '../kit/database.ts';
import { startPooler } from '../kit/pooler.ts';
import { environmentOn } from './external.ts';
import { run } from './process.ts';

const database = await createTestDatabase();
const owner = new pg.Client({ connectionString: database.ownerUrl });
const role = new pg.Client({ connectionString: database.url });
await Promise.all([owner.connect(), role.connect()]);
afterAll(async () => {
  await Promise.all([owner.end(), role.end()]);
  await database.drop();
});

const name = new URL(database.url).pathname.slice(1);

/** What is said at /ready by a service that connects so. */
async function reasonBy(url: string): Promise<string | null> {
  const readiness = watchReadiness(url);
  onTestFinished(readiness.close);
  return readiness.check();
}

/** Sets something for one test. */
async function during(client: pg.Client, change: string, remedy: string) {
  await client.query(change);
  onTestFinished(() => client.query(remedy).then(() => {}));
}

const forRole = (setting: string, value: string) =>
  during(
    role,
    `ALTER ROLE modelgate IN DATABASE ${name} SET ${setting} TO '${value}'`,
    `ALTER ROLE modelgate IN DATABASE ${name} RESET ${setting}`,
  );

describe('/ready', () => {
  it('is content with a database that is as it should be, also behind a pooler', async () => {
    const pooler = await startPooler(database.url, { drops: true });

    expect(await Promise.all([reasonBy(database.url), reasonBy(pooler.url)])).toEqual([null, null]);
  });

  it('says that a database only reads', async () => {
    await forRole('default_transaction_read_only', 'on');

    expect(await reasonBy(database.url)).toBe(
      "The database only reads. For the service's role: ALTER ROLE … SET default_transaction_read_only = 'off'",
    );
  });

  it('says how transactions are isolated where it cannot be set, and sets it where it can', async () => {
    await forRole('default_transaction_isolation', 'repeatable read');
    const pooler = await startPooler(database.url);

    expect(await reasonBy(database.url)).toBe(null);
    expect(await reasonBy(pooler.url)).toBe(
      'Behind a pooler transactions are repeatable read, as is the default. ' +
        "For the service's role: ALTER ROLE … SET default_transaction_isolation = 'read committed'",
    );
  });

  it('says on which tables and sequences rights are missing', async () => {
    await during(owner, 'REVOKE UPDATE ON "User" FROM modelgate', 'GRANT UPDATE ON "User" TO modelgate');
    await during(
      owner,
      'REVOKE USAGE ON SEQUENCE "ProviderKeyUse_id_seq" FROM modelgate',
      'GRANT USAGE ON SEQUENCE "ProviderKeyUse_id_seq" TO modelgate',
    );

    expect(await reasonBy(database.url)).toMatch(
      /^The service's role lacks rights on User, ProviderKeyUse_id_seq\. Run npm run migrate, with MIGRATE_DATABASE_URL/,
    );
  });

  it('says so where it may not even read the books of migrations', async () => {
    await during(
      owner,
      'REVOKE ALL ON _prisma_migrations FROM modelgate',
      'GRANT SELECT ON _prisma_migrations TO modelgate',
    );

    expect(await reasonBy(database.url)).toMatch(/^The service's role lacks rights on _prisma_migrations\./);
  });

  it('says that migrations are missing, and the encoding of a database that cannot hold every text', async () => {
    const blank = await createTestDatabase({ blank: true });
    onTestFinished(blank.drop);
    const latin = `latin_${name}`;
    await owner.query(`CREATE DATABASE ${latin} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'`);
    onTestFinished(() => owner.query(`DROP DATABASE ${latin} WITH (FORCE)`).then(() => {}));
    const latinUrl = Object.assign(new URL(database.url), { pathname: `/${latin}` }).href;

    expect(await reasonBy(blank.url)).toMatch(
      /^The database lacks migrations, from \d{14}_\w+ on\. Run: npm run migrate$/,
    );
    expect(await reasonBy(latinUrl)).toMatch(
      /^The database is encoded in LATIN1, and must be in UTF8\. Make another: /,
    );
  });

  it('names neither role nor database nor password to those whom it refuses', async () => {
    const url = (parts: object) => Object.assign(new URL(database.url), parts).href;

    expect(await reasonBy(url({ password: 'hunter2' }))).toBe('The database refuses the service (SQLSTATE 28P01).');
    expect(await reasonBy(url({ pathname: '/nowhere' }))).toBe('The database refuses the service (SQLSTATE 3D000).');
    expect(await reasonBy('postgresql://modelgate:hunter2@127.0.0.1:1/x')).toBe('The database does not answer.');
  });
});

describe('serve', () => {
  it('is refused with the same words, and tells what of the URL is not used', async () => {
    await forRole('default_transaction_read_only', 'on');
    const env = await environmentOn(
      `${database.url}?connection_limit=5&schema=public&pgbouncer=true&target_session_attrs=any`,
    );

    expect(await run(['serve'], { env })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'DATABASE_URL: "connection_limit" is not used. DATABASE_POOL_SIZE takes its place.\n' +
        'DATABASE_URL: "target_session_attrs" is not used.\n' +
        "The database only reads. For the service's role: ALTER ROLE … SET default_transaction_read_only = 'off'\n",
    });
  });
});
