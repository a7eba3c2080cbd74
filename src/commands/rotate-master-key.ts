import { parseArgs } from 'node:util';
import { unmetRequirement } from '../database/migrate/requirements.ts';
import { createDatabase, type PrismaDatabase } from '../database/pool/client.ts';
import { countStale, resealProviderKeys } from '../domain/vault/master-key-rotation.ts';
import { createVault, type Vault } from '../domain/vault/vault.ts';
import { commandLine } from '../program.ts';
import { type Command, UsageError } from './command.ts';
import { withConnection } from './connection.ts';
import { readOwnEnvironment } from './own-environment.ts';

const usage = `Usage: ${commandLine('rotate-master-key')}

Seals with the first of MASTER_KEYS the provider keys that another one sealed, row by row. It may run while the service
does, be interrupted, and run again. To change the master key:

  1. MASTER_KEYS=old,new   restart every process of the service, so that each can open what the new one seals
  2. MASTER_KEYS=new,old   restart them again, so that each seals with the new one
  3. ${commandLine('rotate-master-key')}, with MASTER_KEYS=new,old, until nothing is left
  4. MASTER_KEYS=new       restart them once more, a day later: till then the old one may seal answers of Idempotency-Keys
`;

export const rotateMasterKey: Command = {
  usage,
  run: async (parameters) => {
    parseArgs({ args: parameters });

    const { databaseUrl, masterKeys, preparedStatements } = readOwnEnvironment({ needsAuth: false });
    if (databaseUrl === undefined) {
      throw new UsageError(
        'DATABASE_URL is not set. The embedded mode keeps one master key, beside its database in DATA_DIR, for as long as that lives.',
      );
    }
    if (masterKeys === undefined)
      throw new UsageError('MASTER_KEYS is not set. Give the new key first, the old ones behind it.');

    const vault = createVault(masterKeys);
    await withConnection(databaseUrl, async (client) => {
      const fault = await unmetRequirement(client);
      if (fault !== null) throw new UsageError(fault);
      const db = createDatabase(databaseUrl, { poolSize: 1, preparedStatements });
      await rotate(db, vault).finally(() => db.$disconnect());
    });
  },
};

async function rotate(db: PrismaDatabase, vault: Vault): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  let failures: readonly string[] = [];
  for await (const rotation of resealProviderKeys(db, vault)) {
    if (rotation.resealed > 0) say(`Sealed anew: ${rotation.resealed} of ${rotation.total}`);
    failures = rotation.failures;
  }

  if (failures.length > 0) {
    throw new UsageError(`${failures.length} could not be sealed anew, and stay as they are:\n${failures.join('\n')}`);
  }
  const left = await countStale(db, vault);
  if (left > 0) {
    throw new UsageError(
      `${left} were sealed by another master key meanwhile: a process of the service still has that first. Restart it with these MASTER_KEYS, then run this again.`,
    );
  }
  say(`Every provider key is sealed by the master key "${vault.masterKeyId}".`);
}
