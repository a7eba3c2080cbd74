import { parseArgs } from 'node:util';
import { createDatabase, type Database, withSignal } from '../database/pool/client.ts';
import { findEnds, type LedgerEnd, type Misfit, readEnds, verifyChain } from '../domain/ledger/verify-chain.ts';
import { commandLine } from '../program.ts';
import { type Command, UsageError } from './command.ts';
import { requireUsable, withConnection } from './connection.ts';
import { withDatabase } from './embedded-database.ts';
import { readOwnEnvironment } from './own-environment.ts';
import { showProgress } from './progress.ts';
import { untilStopped } from './until-stopped.ts';

const usage = `Usage: ${commandLine('verify', '[--organization ID]... [--json]')}

Computes the hashes of the ledger in DATABASE_URL, or in the embedded database of DATA_DIR, anew, and names the first entry
of each organization that is not as it was written. It only reads, and may run while the service does.

  --organization   verifies this organization alone; may be given several times
  --json           prints what was found as JSON

The exit status is 0 if every entry fits, 2 if one does not, and 1 if that could not be found out.
`;

const options = {
  organization: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
} as const;

/** The exit status where an entry does not fit. */
const misfitting = 2;

interface Verified {
  organizations: number;
  entries: number;
  findings: Misfit[];
}

export const verify: Command = {
  usage,
  run: async (parameters) => {
    const { organization: ids, json } = parseArgs({ args: parameters, options }).values;
    const environment = readOwnEnvironment({ needsAuth: false });
    const verified = await untilStopped(
      (stop) =>
        withDatabase(environment, async (url) => {
          await requireUsable(url);
          const db = createDatabase(url, { poolSize: 1, preparedStatements: environment.preparedStatements });
          // Explains what the database answers.
          const verifying = withConnection(url, () => verifyAll(withSignal(db, stop), ids), { stop });
          return verifying.finally(() => db.$disconnect());
        }),
      () => 'Not all entries were verified.',
    );
    process.stdout.write(json ? `${JSON.stringify(verified)}\n` : `${describe(verified).join('\n')}\n`);
    if (verified.findings.length > 0) process.exitCode = misfitting;
  },
};

async function verifyAll(db: Database, ids: readonly string[] | undefined): Promise<Verified> {
  const verified: Verified = { organizations: 0, entries: 0, findings: [] };
  const stopProgress = showProgress(
    () => `Verified ${verified.entries} entries of ${verified.organizations} organizations`,
  );
  try {
    for await (const end of ids ? named(db, ids) : readEnds(db)) {
      const misfit = await verifyChain(db, end, (count) => {
        verified.entries += count;
      });
      verified.organizations += 1;
      if (misfit) verified.findings.push(misfit);
    }
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

const faults: Record<Misfit['fault'], string> = {
  CHANGED: 'does not fit: it, its hash or the hash of the one before was changed',
  MISSING: 'is missing',
  SURPLUS: 'is there, but the organization has not come to that revision',
};

function describe({ organizations, entries, findings }: Verified): string[] {
  const found = findings.map(
    ({ organizationId, number, id, fault }) =>
      `${organizationId}: entry ${number}${id === null ? '' : ` (${id})`} ${faults[fault]}.`,
  );
  const all = `Verified ${entries} entries of ${organizations} organizations`;
  return findings.length === 0
    ? [`${all}: every one fits.`]
    : [...found, `${all}: the ledger of ${findings.length} does not fit.`];
}
