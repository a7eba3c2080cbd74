import { typeid } from 'typeid-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/client.ts';
import { resealProviderKeys } from '../../src/domain/master-key-rotation.ts';
import { newMasterKey, parseMasterKeys } from '../../src/domain/master-keys.ts';
import { createVault } from '../../src/domain/vault.ts';
import { createTestDatabase } from '../kit/database.ts';
import { ownFolder, run, runs } from './process.ts';

const [oldKey, newKey] = [newMasterKey('old'), newMasterKey('new')];
const oldVault = createVault(parseMasterKeys(oldKey));
const vault = createVault(parseMasterKeys(`${newKey},${oldKey}`));

/** A database with provider keys that the old master key sealed; the secret of each is `sk-` and its id. */
async function aDatabase(size: number) {
  const database = await createTestDatabase();
  const db = createDatabase(database.url);
  onTestFinished(async () => {
    await db.$disconnect();
    await database.drop();
  });
  const organizationId = typeid('org').toString();
  await db.organization.create({ data: { id: organizationId } });
  const at = new Date();
  const rows = Array.from({ length: size }, () => {
    const place = { id: typeid('key').toString(), organizationId, provider: 'openai' };
    const told = { name: 'Production', last4: place.id.slice(-4), createdAt: at, updatedAt: at };
    return { ...place, ...told, ...oldVault.seal(place, `sk-${place.id}`) };
  });
  await db.providerKey.createMany({ data: rows });
  const env = { DATABASE_URL: database.url, MASTER_KEYS: `${newKey},${oldKey}` };
  const countOf = (masterKeyId: string) => db.providerKey.count({ where: { masterKeyId } });
  return { db, env, countOf, ids: rows.map(({ id }) => id) };
}

/** Every key opens with the new master key alone, and holds what it held. */
async function expectAllResealed({ db, ids }: Awaited<ReturnType<typeof aDatabase>>) {
  const newVault = createVault(parseMasterKeys(newKey));
  const rows = await db.providerKey.findMany({ orderBy: { id: 'asc' } });
  expect(rows.map((row) => newVault.open(row))).toEqual(ids.map((id) => `sk-${id}`));
}

const rotate = (env: Record<string, string>) => run(['rotate-master-key'], { env });

describe('rotate-master-key', () => {
  it('seals anew what another master key sealed, tells how far it is, and finds nothing left to do after', async () => {
    const world = await aDatabase(120);

    const first = await rotate(world.env);
    const second = await rotate(world.env);

    const done = 'Every provider key is sealed by the master key "new".\n';
    const progress = [50, 100, 120].map((count) => `Sealed anew: ${count} of 120\n`).join('');
    expect(first).toEqual({ code: 0, stdout: progress + done, stderr: '' });
    expect(second).toEqual({ code: 0, stdout: done, stderr: '' });
    await expectAllResealed(world);
  });

  it('can be killed at any moment and run again', async () => {
    const world = await aDatabase(2_000);
    const killed = runs(['rotate-master-key'], { env: world.env });
    await new Promise((resolve) => killed.child.stdout?.once('data', resolve));
    killed.child.kill('SIGKILL');
    await killed.outcome;

    const [resealed, left] = [await world.countOf('new'), await world.countOf('old')];
    expect(resealed).toBeGreaterThan(0);
    expect(left).toBeGreaterThan(0);
    const { code, stdout } = await rotate(world.env);

    expect(code).toBe(0);
    expect(stdout).toContain(`Sealed anew: ${left} of ${left}\n`);
    await expectAllResealed(world);
  });

  it('leaves alone what the service rotates and deletes meanwhile', async () => {
    const world = await aDatabase(120);
    const [rotatedId = '', deletedId = ''] = world.ids.slice(60);
    const { organizationId } = await world.db.providerKey.findUniqueOrThrow({ where: { id: rotatedId } });
    const fresh = vault.seal({ id: rotatedId, organizationId, provider: 'openai' }, 'sk-fresh');
    // The vault opens a row after it was read: what happens then has happened in between.
    const meanwhile: Promise<unknown>[] = [];
    const watched = {
      ...vault,
      open: (row: Parameters<typeof vault.open>[0]) => {
        if (row.id === world.ids[50]) {
          meanwhile.push(world.db.providerKey.update({ where: { id: rotatedId }, data: fresh }).then());
          meanwhile.push(world.db.providerKey.delete({ where: { id: deletedId } }).then());
        }
        return vault.open(row);
      },
    };
    const steps = [];
    for await (const step of resealProviderKeys(world.db, watched)) steps.push({ ...step });
    await Promise.all(meanwhile);

    // Each of the two is passed over, or was sealed anew just before.
    expect(steps.at(-1)).toMatchObject({ total: 120, failures: [] });
    expect(steps.at(-1)?.resealed).toBeGreaterThanOrEqual(118);
    expect(vault.open(await world.db.providerKey.findUniqueOrThrow({ where: { id: rotatedId } }))).toBe('sk-fresh');
    expect(await world.db.providerKey.count({ where: { id: deletedId } })).toBe(0);
    expect(await world.countOf('old')).toBe(0);
  });

  it('names the keys that do not open, seals the others anew, and fails', async () => {
    const { db, env, countOf, ids } = await aDatabase(3);
    await db.providerKey.update({ where: { id: ids[1] ?? '' }, data: { masterKeyId: 'lost' } });

    const { code, stdout, stderr } = await rotate(env);

    expect({ code, stdout }).toEqual({ code: 1, stdout: 'Sealed anew: 2 of 3\n' });
    expect(stderr).toBe(
      `1 could not be sealed anew, and stay as they are:\nThe provider key "${ids[1]}" was sealed by an unknown master key\n`,
    );
    expect(await countOf('lost')).toBe(1);
  });

  it.each([
    [{}, /^DATABASE_URL is not set\. The embedded mode keeps one master key, .* in DATA_DIR, .*\.\n$/],
    [{ DATABASE_URL: 'postgresql://x@127.0.0.1:1/x' }, /^MASTER_KEYS is not set\. .*\n$/],
    [
      { DATABASE_URL: 'postgresql://x:hunter2@127.0.0.1:1/x', MASTER_KEYS: 'a:hunter2' },
      /^The environment has faults:\n {2}MASTER_KEYS: key 1 is not written in base64\n$/,
    ],
    [
      { DATABASE_URL: 'postgresql://x:hunter2@127.0.0.1:1/x', MASTER_KEYS: newKey },
      /^The database at 127\.0\.0\.1:1 cannot be reached: .*\.\n$/,
    ],
  ])('says what is missing in a sentence: %j', async (env, sentence) => {
    const { code, stdout, stderr } = await rotate({ DATA_DIR: await ownFolder(), ...env });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('hunter2');
  });

  it('explains itself', async () => {
    const { code, stdout } = await run(['rotate-master-key', '--help']);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: npm run rotate-master-key\n/);
  });
});
