import pg from 'pg';
import { beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../kit/database.ts';
import { run } from './process.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ blank: true });
  onTestFinished(() => database.drop());
});

const migrate = (env: Record<string, string>) => run(['migrate'], { env });

/** What the database answers to a role, or why it refuses. */
async function query(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.end();
  }
}

describe('migrate', () => {
  it('applies all migrations to a blank database, once', async () => {
    const first = await migrate({ DATABASE_URL: database.ownerUrl });
    const second = await migrate({ DATABASE_URL: database.ownerUrl });

    expect(first).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^(Applying migration \d{14}_\w+\.\n)+Applied \d+\.\n$/),
      stderr: '',
    });
    expect(second).toEqual({ code: 0, stdout: 'The database is up to date.\n', stderr: '' });
    expect(await query(database.ownerUrl, 'SELECT 1 FROM "Organization"')).toEqual([]);
  });

  it('gives the role of the service what it needs and no more, where the tables are another role’s', async () => {
    const { code } = await migrate({ DATABASE_URL: database.url, MIGRATE_DATABASE_URL: database.ownerUrl });

    expect(code).toBe(0);
    expect(await query(database.url, 'UPDATE "Organization" SET name = name')).toEqual([]);
    expect(await query(database.url, 'DELETE FROM "Revision"')).toBe('permission denied for table Revision');
    expect(await query(database.url, 'DROP TABLE "Organization"')).toBe('must be owner of table Organization');
    expect(await query(database.url, 'DELETE FROM _prisma_migrations')).toBe(
      'permission denied for table _prisma_migrations',
    );
  });

  it('finds the role of the service wherever it is named, and says what of a URL is not used', async () => {
    const [service, owner] = [database.url, database.ownerUrl].map((url) => new URL(url));
    const { username = '', password = '' } = service ?? {};
    const bare = `postgresql://${service?.host}${service?.pathname}`;
    const MIGRATE_DATABASE_URL = `${bare}?user=${owner?.username}&password=${owner?.password}&pool_timeout=5`;

    const migrated = await migrate({
      DATABASE_URL: bare,
      MIGRATE_DATABASE_URL,
      PGUSER: username,
      PGPASSWORD: password,
    });

    expect(migrated).toMatchObject({ code: 0, stderr: 'MIGRATE_DATABASE_URL: "pool_timeout" is not used.\n' });
    expect(await query(database.url, 'SELECT 1 FROM "Organization"')).toEqual([]);
  });

  it('tells in a sentence why a database cannot be used, and not the password', async () => {
    const { host } = new URL(inject('postgres').url);
    const withPassword = (url: string) => Object.assign(new URL(url), { password: 'hunter2' }).href;

    const withoutRights = await migrate({ DATABASE_URL: database.url });
    const strange = await migrate({ DATABASE_URL: withPassword(database.url) });
    const gone = await migrate({ DATABASE_URL: 'postgresql://modelgate:hunter2@127.0.0.1:1/modelgate' });

    expect([withoutRights.code, strange.code, gone.code]).toEqual([1, 1, 1]);
    expect(withoutRights.stderr).toMatch(
      /^The role "modelgate" may not create tables .* run ALTER DATABASE "\w+" OWNER TO /,
    );
    expect(strange.stderr).toBe(
      `The database at ${host} cannot be used: password authentication failed for user "modelgate".\n`,
    );
    expect(gone.stderr).toBe('The database at 127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1.\n');
  });

  it('is not needed without a database of one’s own', async () => {
    expect(await migrate({})).toEqual({
      code: 1,
      stdout: '',
      stderr: 'DATABASE_URL is not set. Without it the service migrates its embedded database by itself.\n',
    });
  });
});
