import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { Header, Trailer } from '../database/backup/format.ts';
import { gunzip } from '../database/backup/gunzip.ts';
import { verifyBackup } from '../database/backup/read-backup.ts';
import { requireKnown, restoreDatabase } from '../database/backup/restore.ts';
import { createDatabase } from '../database/pool/client.ts';
import { type MasterKeys, readLocalMasterKeys } from '../domain/vault/master-keys.ts';
import { countUnopenedKeys } from '../domain/vault/unopened-keys.ts';
import { createVault } from '../domain/vault/vault.ts';
import type { Environment } from '../environment/environment.ts';
import { commandLine } from '../program.ts';
import { describeBackup, describeMissing } from './backup-summary.ts';
import { type Command, UsageError } from './command.ts';
import { requireUsable, withConnection } from './connection.ts';
import { dataDirectoryOf, withNewEmbeddedDatabase } from './embedded-database.ts';
import { readOwnEnvironment } from './own-environment.ts';
import { showProgress, sizeOf } from './progress.ts';
import { say } from './say.ts';
import { roleOf } from './service-role.ts';
import { untilStopped } from './until-stopped.ts';

const usage = `Usage: ${commandLine('restore', 'FILE', '[--check]')}

Restores a backup into the database of DATABASE_URL, which must hold nothing of Modelgate, or into a
new embedded database in DATA_DIR. No service may run on it. The tables are created first, and migrations that are newer
than the backup are applied after. Where MIGRATE_DATABASE_URL is set, it does so as that role, as ${commandLine('migrate')} does.

  FILE       a file, which is read to its end before anything is written; "-" is the standard input
  --check    reads the file, and says whether it is whole and which master keys it needs; no database is needed

The exit status is 0 if all is well, 1 if nothing was restored (or a sentence says that all rows are, and what to do), and 2
if a master key is missing or is not the one that sealed the provider keys: all data is restored then, and these keys open as
soon as MASTER_KEYS has it.
`;

/** The exit status where all is restored, or could be, but provider keys do not open. */
const withoutKeys = 2;

export const restore: Command = {
  usage,
  run: async (parameters) => {
    const { values, positionals } = parseArgs({
      args: parameters,
      allowPositionals: true,
      options: { check: { type: 'boolean', default: false } },
    });
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) throw new UsageError(`Which file?\n\n${usage}`);

    const environment = readOwnEnvironment({ needsAuth: false });
    let isCommitted = false;
    const onCommitted = () => {
      isCommitted = true;
    };
    const missing = await untilStopped(
      (stop) => (values.check ? check(file, environment, stop) : restoreFrom(file, environment, stop, onCommitted)),
      () =>
        isCommitted ? `All rows are restored. To finish, run: ${commandLine('migrate')}` : 'Nothing was restored.',
    );
    for (const line of missing) say(line);
    if (missing.length > 0) process.exitCode = withoutKeys;
  },
};

/** Resolves to a sentence for each master key that is missing. */
async function check(file: string, environment: Environment, stop: AbortSignal): Promise<string[]> {
  const found = await verify(file, stop);
  await requireKnown(found.migrations);
  process.stdout.write(`The backup is whole.\n${describeBackup(found).join('\n')}\n`);
  const known = (await masterKeysOf(environment))?.map(({ id }) => id);
  return describeMissing(found, new Set(known));
}

async function restoreFrom(
  file: string,
  environment: Environment,
  stop: AbortSignal,
  onCommitted: () => void,
): Promise<string[]> {
  // What comes by a pipe can be read once. Then the transaction alone protects the database.
  if (file !== '-') await verify(file, stop);
  const { databaseUrl, migrateDatabaseUrl } = environment;
  const work = async (url: string, ownerUrl: string) => {
    const restored = await insert(file, { url, ownerUrl }, stop, onCommitted);
    await requireUsable(url).catch((error: unknown) => {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`All rows are restored, but the service cannot use them. ${error.message}`);
    });
    process.stdout.write(`${describeBackup(restored, 'Restored').join('\n')}\n`);
    return findUnopened(url, environment, restored);
  };
  const missing =
    databaseUrl === undefined
      ? await withNewEmbeddedDatabase(dataDirectoryOf(environment), ({ url, ownerUrl }) => work(url, ownerUrl))
      : await work(databaseUrl, migrateDatabaseUrl ?? databaseUrl);
  process.stdout.write(nextStep(environment));
  return missing;
}

async function insert(
  file: string,
  { url, ownerUrl }: { url: string; ownerUrl: string },
  stop: AbortSignal,
  onCommitted: () => void,
): Promise<Header & Trailer> {
  let place = '';
  let read = 0;
  const stopProgress = showProgress(() => `Restoring ${place}: ${sizeOf(read)} of rows`);
  const serviceRole = roleOf(url);
  try {
    return await withConnection(
      ownerUrl,
      (client) =>
        restoreDatabase(client, ownerUrl, gunzip(open(file, stop)), {
          ...(serviceRole === undefined || serviceRole === roleOf(ownerUrl) ? {} : { serviceRole }),
          log: say,
          onCommitted,
          onBytes: (table, bytes) => {
            place = table;
            read += bytes;
          },
        }),
      { stop },
    );
  } finally {
    stopProgress();
  }
}

async function verify(file: string, stop: AbortSignal): Promise<Header & Trailer> {
  const source = open(file, stop);
  const size =
    file === '-'
      ? 0
      : await stat(file).then(
          (found) => found.size,
          () => 0,
        );
  let read = 0;
  source.on('data', (chunk: Buffer) => {
    read += chunk.length;
  });
  source.pause();
  const share = () => (size > 0 ? `${Math.floor((100 * read) / size)} %` : sizeOf(read));
  const stopProgress = showProgress(() => `Checking the backup: ${share()}`);
  return verifyBackup(gunzip(source)).finally(stopProgress);
}

function open(file: string, signal: AbortSignal): Readable {
  return file === '-' ? process.stdin : createReadStream(file, { signal });
}

async function masterKeysOf(environment: Environment): Promise<MasterKeys | undefined> {
  const { databaseUrl, masterKeys } = environment;
  return databaseUrl === undefined && masterKeys === undefined
    ? readLocalMasterKeys(dataDirectoryOf(environment))
    : masterKeys;
}

async function findUnopened(url: string, environment: Environment, restored: Header): Promise<string[]> {
  const masterKeys = await masterKeysOf(environment);
  if (!masterKeys) return describeMissing(restored, new Set());
  const db = createDatabase(url, { poolSize: 1, preparedStatements: environment.preparedStatements });
  const counts = await countUnopenedKeys(db, createVault(masterKeys)).finally(() => db.$disconnect());
  const known = new Set(masterKeys.map(({ id }) => id));
  const changed = [...counts].filter(([id]) => known.has(id));
  return [
    ...describeMissing(restored, known),
    ...changed.map(
      ([id, count]) => `The master key "${id}" is not the one that sealed ${count} provider keys: they do not open.`,
    ),
  ];
}

function nextStep(environment: Environment): string {
  return environment.databaseUrl === undefined
    ? `Put the files master-keys and issuer-es256.json of the backed up DATA_DIR into ${dataDirectoryOf(environment)}, then start the service.\n`
    : 'Start the service with the MASTER_KEYS that the backed up one had.\n';
}
