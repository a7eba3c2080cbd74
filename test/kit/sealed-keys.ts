import { typeid } from 'typeid-js';
import { onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { newMasterKey, parseMasterKeys } from '../../src/domain/vault/master-keys.ts';
import { createVault } from '../../src/domain/vault/vault.ts';
import { createTestDatabase } from './database.ts';

export const [oldKey, newKey] = [newMasterKey('old'), newMasterKey('new')];
const oldVault = createVault(parseMasterKeys(oldKey));

/** A database with provider keys that the old master key sealed; the secret of each is `sk-` and its id. */
export async function aDatabaseOfSealedKeys(size: number) {
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
