import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { resolveDataDirectory } from '../database/embedded/data-directory.ts';
import { findRunningPostgres } from '../database/embedded/running.ts';
import { startEmbeddedPostgres } from '../database/embedded/start.ts';
import type { Environment } from '../environment/environment.ts';
import { UsageError } from './command.ts';
import { say } from './say.ts';

/** A database for the time of a command, where its owner and the service connect. */
interface CommandDatabase {
  ownerUrl: string;
  url: string;
}

/** The folder of the embedded mode. */
export function dataDirectoryOf({ dataDirectory }: Pick<Environment, 'dataDirectory'>): string {
  return resolveDataDirectory({ DATA_DIR: dataDirectory, cwd: process.cwd() }).path;
}

/** Runs work on the operator's database; where the environment names none, on the embedded one. @throws UsageError */
export function withDatabase<Result>(
  environment: Environment,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const { databaseUrl } = environment;
  return databaseUrl === undefined
    ? withEmbeddedDatabase(dataDirectoryOf(environment), ({ url }) => work(url))
    : work(databaseUrl);
}

/** Runs work on the embedded database: through the service that runs on it, or without one. @throws UsageError where there is none */
export async function withEmbeddedDatabase<Result>(
  dataDirectory: string,
  work: (database: CommandDatabase) => Promise<Result>,
): Promise<Result> {
  const directory = join(dataDirectory, 'postgres');
  if (!existsSync(directory)) {
    throw new UsageError(`There is no data in ${dataDirectory}. Set DATA_DIR to its folder, or DATABASE_URL.`);
  }
  const running = await findRunningPostgres(directory);
  return running ? work(running) : withNewEmbeddedDatabase(dataDirectory, work);
}

/** As `withEmbeddedDatabase`, where no service may run; the database is created where there is none. */
export async function withNewEmbeddedDatabase<Result>(
  dataDirectory: string,
  work: (database: CommandDatabase) => Promise<Result>,
): Promise<Result> {
  const postgres = await startEmbeddedPostgres({ directory: join(dataDirectory, 'postgres'), log: say });
  return work(postgres).finally(postgres.stop);
}
