import { parseArgs } from 'node:util';
import { applyMigrations } from '../database/migrations.ts';
import { readEnvironment } from '../env.ts';
import { UsageError } from './usage.ts';

const usage = `Usage: npm run migrate

Applies the migrations that DATABASE_URL lacks. Where MIGRATE_DATABASE_URL is set, it does so as that role, and grants
the role of DATABASE_URL what the service needs and no more. It may run while the service does, and more than once.
`;

export async function migrate(parameters: string[]): Promise<void> {
  const { values } = parseArgs({ args: parameters, options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }

  const { databaseUrl, migrateDatabaseUrl = databaseUrl } = readEnvironment(process.env, { needsAuth: false });
  if (databaseUrl === undefined || migrateDatabaseUrl === undefined) {
    throw new UsageError('DATABASE_URL is not set. Without it the service migrates its embedded database by itself.');
  }
  const [owner, service] = [migrateDatabaseUrl, databaseUrl].map((url) => decodeURIComponent(new URL(url).username));
  const applied = await applyMigrations(migrateDatabaseUrl, {
    log: (line) => process.stdout.write(`${line}\n`),
    ...(service === undefined || service === owner ? {} : { serviceRole: service }),
  });
  process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.length}.\n`);
}
