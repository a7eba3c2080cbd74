import { describe, expect, it } from 'vitest';
import { resealProviderKeys } from '../../src/domain/vault/master-key-rotation.ts';
import { parseMasterKeys } from '../../src/domain/vault/master-keys.ts';
import { createVault } from '../../src/domain/vault/vault.ts';
import { aDatabaseOfSealedKeys, newKey, oldKey } from '../kit/sealed-keys.ts';

const vault = createVault(parseMasterKeys(`${newKey},${oldKey}`));

describe('the rotation of master keys', () => {
  it('seals anew what another one sealed, batch by batch, passes over what does not open, and leaves the rest', async () => {
    const { db, ids } = await aDatabaseOfSealedKeys(60);
    const [newId = '', lostId = ''] = ids;
    const { organizationId } = await db.providerKey.findUniqueOrThrow({ where: { id: newId } });
    const fresh = vault.seal({ id: newId, organizationId, provider: 'openai' }, 'sk-new');
    await db.providerKey.update({ where: { id: newId }, data: fresh });
    await db.providerKey.update({ where: { id: lostId }, data: { masterKeyId: 'lost' } });

    const steps = [];
    for await (const step of resealProviderKeys(db, vault)) steps.push({ ...step, failures: [...step.failures] });

    const failures = [`The provider key "${lostId}" was sealed by an unknown master key`];
    expect(steps).toEqual([
      { total: 59, resealed: 0, failures: [] },
      { total: 59, resealed: 49, failures },
      { total: 59, resealed: 58, failures },
    ]);
    const rows = await db.providerKey.findMany({ orderBy: { id: 'asc' } });
    expect(rows.map(({ masterKeyId }) => masterKeyId)).toEqual(ids.map((id) => (id === lostId ? 'lost' : 'new')));
    expect(Buffer.from(rows[0]?.sealed ?? []).equals(fresh.sealed)).toBe(true);
    expect(vault.open(rows[2] as (typeof rows)[number])).toBe(`sk-${ids[2]}`);
  });

  it('leaves alone what the service rotates and deletes meanwhile', async () => {
    const world = await aDatabaseOfSealedKeys(120);
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
});
