import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type PrismaDatabase } from '../../src/database/pool/client.ts';
import { createTestDatabase, type TestDatabase } from '../kit/database.ts';
import { lengthen, tamper } from '../kit/ledger.ts';
import { buildWorld, type World } from '../kit/world.ts';
import { run } from './process.ts';

let database: TestDatabase;
let db: PrismaDatabase;
let worlds: World[];
beforeAll(async () => {
  database = await createTestDatabase();
  db = createDatabase(database.url, { poolSize: 2 });
  worlds = [await buildWorld(db), await buildWorld(db)];
  for (const { organization, admin } of worlds) {
    await lengthen(db, { organizationId: organization.id, userId: admin.id }, 4);
  }
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const verify = (...parameters: string[]) => run(['verify', ...parameters], { env: { DATABASE_URL: database.url } });

describe('modelgate verify', () => {
  it('says that everything fits, as a sentence and as JSON', async () => {
    const [told, json] = await Promise.all([verify(), verify('--json')]);

    expect(told).toEqual({
      code: 0,
      stdout: 'Verified 8 entries of 4 organizations: every one fits.\n',
      stderr: '',
    });
    expect(JSON.parse(json.stdout)).toEqual({ organizations: 4, entries: 8, findings: [] });
  });

  it('names the first entry that does not, of each organization, and only of those that are asked for', async () => {
    const [whole = '', changed = ''] = worlds.map(({ organization }) => organization.id);
    await tamper(
      database,
      `UPDATE "Revision" SET "reason" = 'x' WHERE "organizationId" = '${changed}' AND "number" > 1`,
    );
    const entry = await db.revision.findFirst({ where: { organizationId: changed, number: 2 } });

    const [all, one] = await Promise.all([verify(), verify('--organization', whole, '--json')]);

    expect(all).toEqual({
      code: 2,
      stdout:
        `${changed}: entry 2 (${entry?.id}) does not fit: it, its hash or the hash of the one before was changed.\n` +
        'Verified 8 entries of 4 organizations: the ledger of 1 does not fit.\n',
      stderr: '',
    });
    expect(one).toMatchObject({ code: 0, stdout: `{"organizations":1,"entries":4,"findings":[]}\n` });
  });

  it.each([
    ['an organization that there is not', ['--organization', 'org_no'], {}, /^There is no organization org_no\.\n$/],
    ['a database that is not there', [], { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' }, /cannot be reached/],
    ['a parameter that there is not', ['--no'], {}, /Unknown option '--no'/],
  ])('fails at %s, which says nothing of the ledger', async (_what, parameters, env, sentence) => {
    const { code, stdout, stderr } = await run(['verify', ...parameters], {
      env: { DATABASE_URL: database.url, ...env },
    });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
  });
});
