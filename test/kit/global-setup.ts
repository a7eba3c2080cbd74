import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import type { EmbeddedPostgres } from '../../src/database/embedded/start.ts';
import { applyMigrations } from '../../src/database/migrate/migrations.ts';
import { startTemporaryPostgres, temporaryFolder } from './temporary-postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The run's PostgreSQL; `template` is a database with all migrations applied, to which nothing may connect. */
    postgres: { ownerUrl: string; url: string; template: string };
    /** A folder that is removed when the run is over. */
    folder: string;
  }
}

const root = join(import.meta.dirname, '../..');
let postgres: EmbeddedPostgres | undefined;
let removeFolder = async () => {};

export async function setup({ provide }: TestProject): Promise<void> {
  // Tests of whole processes run what is built; nothing is written where nothing changed.
  execFileSync(process.execPath, [join(root, 'build/build.js'), '--if-stale'], { stdio: 'inherit' });
  const { folder, remove } = await temporaryFolder();
  removeFolder = remove;
  provide('folder', folder);
  postgres = await startTemporaryPostgres();
  const { ownerUrl, url } = postgres;
  const template = 'migrated';
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(`CREATE DATABASE ${template}`);
  await owner.end();
  const templateUrl = new URL(ownerUrl);
  templateUrl.pathname = `/${template}`;
  await applyMigrations(templateUrl.href, { serviceRole: 'modelgate' });
  provide('postgres', { ownerUrl, url, template });
}

export async function teardown(): Promise<void> {
  await postgres?.stop();
  await removeFolder();
}
