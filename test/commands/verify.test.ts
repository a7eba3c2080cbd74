import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { describeExport } from '../../src/commands/export-file.ts';
import { describeVerified } from '../../src/commands/verify-summary.ts';
import { createDatabase, type PrismaDatabase } from '../../src/database/pool/client.ts';
import { createTestDatabase, type TestDatabase } from '../kit/database.ts';
import { forgery, lengthen, tamper } from '../kit/ledger.ts';
import { buildWorld, type World } from '../kit/world.ts';
import { aServiceOn } from './external.ts';
import { end, ownFolder, run } from './process.ts';

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
      stdout: 'Verified 8 entries of 4 organizations, and 0 checkpoints: everything fits.\n',
      stderr: '',
    });
    expect(JSON.parse(json.stdout)).toEqual({
      organizations: 4,
      entries: 8,
      checkpoints: { verified: 0, unverified: 0 },
      findings: [],
    });
  });

  it('prints nothing that a terminal would obey, which could erase what it says of a forged entry', () => {
    const forged = '\u001b[1A\u001b[2K\u202e';
    const counts = { organizations: 1, entries: 1, checkpoints: { verified: 0, unverified: 0 } };
    const finding = { organizationId: forged, number: 1, id: forged, fault: 'CHANGED' } as const;
    const exported = { organizationId: forged, from: 1, to: 1, entries: 1, hidden: 0, misfit: null };

    const lines = [...describeVerified({ ...counts, findings: [finding] }), ...describeExport(exported)];

    expect(lines[0]).toMatch(/^\ufffd\[1A\ufffd\[2K\ufffd: entry 1 \(/);
    expect(lines.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
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
        'Verified 8 entries of 4 organizations, and 0 checkpoints: 1 ledger does not fit.\n',
      stderr: '',
    });
    expect(one.code).toBe(0);
    expect(JSON.parse(one.stdout)).toMatchObject({ organizations: 1, entries: 4, findings: [] });
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

  it('verifies the checkpoints that a service has signed, and says where it cannot', async () => {
    const other = await createTestDatabase();
    onTestFinished(() => other.drop());
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const client = createDatabase(other.url, { poolSize: 1 });
    const world = await buildWorld(client);
    const id = world.organization.id;
    await lengthen(client, { organizationId: id, userId: world.admin.id }, 1).finally(() => client.$disconnect());
    const { service } = await aServiceOn(other.url, { LEDGER_SIGNING_KEY: pem }, world);
    const told = await vi.waitUntil(() => /"checkpoints":(\[.*?\])/.exec(service.output.stdout)?.[1], {
      timeout: 15_000,
    });
    await end(service);
    const file = join(await ownFolder(), 'keys.pem');
    await writeFile(file, String(publicKey.export({ format: 'pem', type: 'spki' })));
    const verifyOther = (parameters: string[], env = {}) =>
      run(['verify', ...parameters], { env: { DATABASE_URL: other.url, ...env } });

    const [own, named, none, wrong] = await Promise.all([
      verifyOther([], { LEDGER_SIGNING_KEY: pem }),
      verifyOther(['--keys', file]),
      verifyOther([]),
      verifyOther(['--keys', join(file, 'no')]),
    ]);

    expect(JSON.parse(told)).toEqual([
      { organizationId: id, number: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/), at: expect.any(String) },
    ]);
    const everything = 'Verified 1 entries of 2 organizations, and 1 checkpoints: everything fits.\n';
    expect(own).toEqual({ code: 0, stdout: everything, stderr: '' });
    expect(named).toEqual(own);
    expect(none.stdout).toMatch(/^1 checkpoints were not verified, since there is no key: /);
    expect(none.code).toBe(0);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/cannot be read \(ENOTDIR\)/) });
    expect(service.output.stdout + service.output.stderr).not.toContain(pem.split('\n')[1]);

    await tamper(other, forgery(id, 1, `"reason" = 'Forged'`));
    const forged = await verifyOther([], { LEDGER_SIGNING_KEY: pem });
    expect(forged.code).toBe(2);
    expect(forged.stdout).toMatch(/entry 1 \(rev_\w+\) is not the one that a checkpoint was made of/);
  });
});
