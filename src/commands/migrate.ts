import { parseArgs } from 'node:util';
import { applyMigrations } from '../database/migrate/migrations.ts';
import { commandLine } from '../program.ts';
import { type Command, UsageError } from './command.ts';
import { warnUnused, withConnection } from './connection.ts';
import { readOwnEnvironment } from './own-environment.ts';
import { roleOf } from './service-role.ts';

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
    const [owner, service] = [migrateDatabaseUrl, databaseUrl].map(roleOf);
    const options = {
      log: (line: string) => process.stdout.write(`${line}\n`),
      ...(service === undefined || service === owner ? {} : { serviceRole: service }),
    };
    const applied = await withConnection(migrateDatabaseUrl, () => applyMigrations(migrateDatabaseUrl, options));
    process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.length}.\n`);
  },
};
