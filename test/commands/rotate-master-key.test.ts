import { describe, expect, it } from 'vitest';
import { parseMasterKeys } from '../../src/domain/vault/master-keys.ts';
import { createVault } from '../../src/domain/vault/vault.ts';
import { aDatabaseOfSealedKeys, newKey } from '../kit/sealed-keys.ts';
import { ownFolder, run, runs } from './process.ts';

/** Every key opens with the new master key alone, and holds what it held. */
async function expectAllResealed({ db, ids }: Awaited<ReturnType<typeof aDatabaseOfSealedKeys>>) {
  const newVault = createVault(parseMasterKeys(newKey));
  const rows = await db.providerKey.findMany({ orderBy: { id: 'asc' } });
  expect(rows.map((row) => newVault.open(row))).toEqual(ids.map((id) => `sk-${id}`));
}

const rotate = (env: Record<string, string>) => run(['rotate-master-key'], { env });

describe('rotate-master-key', () => {
  it('seals anew what another master key sealed, tells how far it is, and finds nothing left to do after', async () => {
    const world = await aDatabaseOfSealedKeys(120);

    const first = await rotate(world.env);
    const second = await rotate(world.env);

    const done = 'Every provider key is sealed by the master key "new".\n';
    const progress = [50, 100, 120].map((count) => `Sealed anew: ${count} of 120\n`).join('');
    expect(first).toEqual({ code: 0, stdout: progress + done, stderr: '' });
    expect(second).toEqual({ code: 0, stdout: done, stderr: '' });
    await expectAllResealed(world);
  });

  it('can be killed at any moment and run again', async () => {
    const world = await aDatabaseOfSealedKeys(2_000);
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

  it('names the keys that do not open, seals the others anew, and fails', async () => {
    const { db, env, countOf, ids } = await aDatabaseOfSealedKeys(3);
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
