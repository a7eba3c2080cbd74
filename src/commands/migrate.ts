import { parseArgs } from 'node:util';
import { applyMigrations } from '../database/migrate/migrations.ts';
import { connectionConfig, DatabaseClient } from '../database/pool/connection.ts';
import { commandLine } from '../program.ts';
import { type Command, UsageError } from './command.ts';
import { warnUnused, withConnection } from './connection.ts';
import { readOwnEnvironment } from './own-environment.ts';

const usage = `Usage: ${commandLine('migrate')}

Applies the migrations that DATABASE_URL lacks. Where MIGRATE_DATABASE_URL is set, it does so as that role, and grants
the role of DATABASE_URL what the service needs and no more. It may run while the service does, and more than once.
`;

export const migrate: Command = {
  usage,
  run: async (parameters) => {
    parseArgs({ args: parameters });

    const { databaseUrl, migrateDatabaseUrl = databaseUrl } = readOwnEnvironment({ needsAuth: false });
    if (databaseUrl === undefined || migrateDatabaseUrl === undefined) {
      throw new UsageError('DATABASE_URL is not set. Without it the service migrates its embedded database by itself.');
    }
    warnUnused('MIGRATE_DATABASE_URL', migrateDatabaseUrl);
    // The user, which may come from PGUSER or from the system.
    const [owner, service] = [migrateDatabaseUrl, databaseUrl].map(
      (url) => new DatabaseClient(connectionConfig(url)).user,
    );
    const options = {
      log: (line: string) => process.stdout.write(`${line}\n`),
      ...(service === undefined || service === owner ? {} : { serviceRole: service }),
    };
    const applied = await withConnection(migrateDatabaseUrl, () => applyMigrations(migrateDatabaseUrl, options));
    process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.length}.\n`);
  },
};
