import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  /** As the service connects. */
  url: string;
  /** As migrations connect. */
  ownerUrl: string;
  /** Ends what is still connected. */
  drop(): Promise<void>;
}

/** A database of a test file's own, migrated and empty; `blank` leaves out the migrations too. */
export async function createTestDatabase({ blank = false } = {}): Promise<TestDatabase> {
  const { ownerUrl, url, template } = inject('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asOwner(async (owner) => {
    await createFrom(owner, blank ? 'template0' : template, name);
    // As on the service's own database; rights on a database are not copied with it.
    await owner.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO modelgate`);
  });
  const withName = (base: string) => Object.assign(new URL(base), { pathname: `/${name}` }).href;
  return {
    url: withName(url),
    ownerUrl: withName(ownerUrl),
    drop: () => asOwner(async (owner) => void (await owner.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  };
}

async function createFrom(owner: pg.Client, template: string, name: string, attempts = 100): Promise<void> {
  try {
    // Twice as fast as `wal_log` where nothing is synced to the disk: 20 ms.
    await owner.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  } catch (error) {
    const isTemplateInUse = error instanceof pg.DatabaseError && error.code === '55006';
    if (!isTemplateInUse || attempts === 0) throw error;
    await sleep(50);
    await createFrom(owner, template, name, attempts - 1);
  }
}

async function asOwner(work: (owner: pg.Client) => Promise<void>): Promise<void> {
  const owner = new pg.Client({ connectionString: inject('postgres').ownerUrl });
  await owner.connect();
  try {
    await work(owner);
  } finally {
    await owner.end();
  }
}
