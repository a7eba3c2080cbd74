import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createDatabase, type Database, withSignal } from '../database/pool/client.ts';
import { parseVerificationKeys, SigningKeyError, type VerificationKey } from '../domain/checkpoints/signing-key.ts';
import { countCheckpoints, findRemoved, verifyCheckpoints } from '../domain/checkpoints/verify-checkpoints.ts';
import { findEnds, type LedgerEnd, readEnds, verifyChain } from '../domain/ledger/verify-chain.ts';
import { verifyExport } from '../domain/ledger/verify-export.ts';
import type { Environment } from '../environment/environment.ts';
import { codeOf } from '../errors/error-code.ts';
import { commandLine } from '../program.ts';
import { type Command, UsageError } from './command.ts';
import { requireUsable, withConnection } from './connection.ts';
import { dataDirectoryOf, withDatabase } from './embedded-database.ts';
import { describeExport, readLines } from './export-file.ts';
import { localSigningKey } from './local-signing-key.ts';
import { readOwnEnvironment } from './own-environment.ts';
import { showProgress } from './progress.ts';
import { untilStopped } from './until-stopped.ts';
import { describeVerified, type Verified } from './verify-summary.ts';

const usage = `Usage: ${commandLine('verify', '[--organization ID]... [--keys FILE] [--json]')}
       ${commandLine('verify', '--file FILE [--json]')}

Computes the hashes of the ledger in DATABASE_URL, or in the embedded database of DATA_DIR, anew, compares them with the
signed checkpoints, and names the first entry of each organization that is not as it was written. It only reads, and may
run while the service does.

  --organization   verifies this organization alone; may be given several times
  --keys           public keys of checkpoints: a JWKS, or PEM; beside that of LEDGER_SIGNING_KEY (embedded: of DATA_DIR)
  --file           verifies an export (GET /v1/organizations/{organization_id}/revisions.ndjson) without a database;
                   "-" is the standard input
  --json           prints what was found as JSON

The exit status is 0 if everything fits, 2 if something does not, and 1 if that could not be found out.
`;

const options = {
  organization: { type: 'string', multiple: true },
  keys: { type: 'string' },
  file: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

type Keys = ReadonlyMap<string, VerificationKey>;

/** The exit status where something does not fit. */
const misfitting = 2;

export const verify: Command = {
  usage,
  run: async (parameters) => {
    const { organization: ids, keys: keyFile, file, json } = parseArgs({ args: parameters, options }).values;
    if (file !== undefined) {
      if (ids ?? keyFile) throw new UsageError(`--file is verified alone: it has no checkpoints.\n\n${usage}`);
      return verifyFile(file, json);
    }
    const environment = readOwnEnvironment({ needsAuth: false });
    const keys = await keysFrom(environment, keyFile);
    const verified = await untilStopped(
      (stop) =>
        withDatabase(environment, async (url) => {
          await requireUsable(url);
          const db = createDatabase(url, { poolSize: 1, preparedStatements: environment.preparedStatements });
          // Explains what the database answers.
          const verifying = withConnection(url, () => verifyAll(withSignal(db, stop), ids, keys), { stop });
          return verifying.finally(() => db.$disconnect());
        }),
      () => 'Not all entries were verified.',
    );
    process.stdout.write(json ? `${JSON.stringify(verified)}\n` : `${describeVerified(verified).join('\n')}\n`);
    if (verified.findings.length > 0) process.exitCode = misfitting;
  },
};

async function verifyFile(file: string, json: boolean): Promise<void> {
  const verified = await verifyExport(readLines(file));
  // Else a download that failed would fit.
  if (verified.entries === 0 && !verified.misfit) throw new UsageError('There is no entry: nothing was verified.');
  process.stdout.write(json ? `${JSON.stringify(verified)}\n` : `${describeExport(verified).join('\n')}\n`);
  if (verified.misfit) process.exitCode = misfitting;
}

async function keysFrom(environment: Environment, file: string | undefined): Promise<Keys> {
  const { databaseUrl, ledgerSigningKey } = environment;
  const local = databaseUrl === undefined ? await localSigningKey(dataDirectoryOf(environment)) : undefined;
  const own = [ledgerSigningKey, local].flatMap((key) => key?.publicKey ?? []);
  const given = file === undefined ? [] : await readKeys(file);
  return new Map([...given, ...own].map((key) => [key.kid, key]));
}

async function readKeys(file: string): Promise<VerificationKey[]> {
  try {
    return parseVerificationKeys(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SigningKeyError) throw new UsageError(`${file} ${error.message}.`);
    if (codeOf(error)) throw new UsageError(`${file} cannot be read (${codeOf(error)}).`);
    throw error;
  }
}

async function verifyAll(db: Database, ids: readonly string[] | undefined, keys: Keys): Promise<Verified> {
  const verified: Verified = {
    organizations: 0,
    entries: 0,
    checkpoints: { verified: 0, unverified: 0 },
    findings: [],
  };
  const { checkpoints, findings } = verified;
  const stopProgress = showProgress(
    () => `Verified ${verified.entries} entries of ${verified.organizations} organizations`,
  );
  const onEntries = (count: number) => {
    verified.entries += count;
  };
  const onCheckpoints = (count: number) => {
    checkpoints.verified += count;
  };
  try {
    for await (const end of ids ? named(db, ids) : readEnds(db)) {
      const misfit =
        (await verifyChain(db, end, onEntries)) ??
        (keys.size === 0 ? null : await verifyCheckpoints(db, end.organizationId, keys, onCheckpoints));
      verified.organizations += 1;
      if (misfit) findings.push(misfit);
    }
    if (keys.size === 0) checkpoints.unverified = await countCheckpoints(db, ids);
    else if (!ids)
      findings.push(...(await findRemoved(db)).map((one) => ({ ...one, id: null, fault: 'REMOVED' as const })));
  } finally {
    stopProgress();
  }
  return verified;
}

async function* named(db: Database, ids: readonly string[]): AsyncGenerator<LedgerEnd> {
  const found = await findEnds(db, ids);
  for (const [index, end] of found.entries()) {
    if (!end) throw new UsageError(`There is no organization ${ids[index]}.`);
    yield end;
  }
}
