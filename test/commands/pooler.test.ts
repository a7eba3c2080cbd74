import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase, withSignal } from '../../src/database/pool/client.ts';
import { isUnavailable } from '../../src/database/pool/faults.ts';
import { createTestDatabase } from '../kit/database.ts';
import { startPooler } from '../kit/pooler.ts';
import { aServiceOn, changed } from './external.ts';
import { hasPgBouncer, startPgBouncer } from './pgbouncer.ts';
import { run } from './process.ts';

async function aDatabase(options?: { blank: boolean }) {
  const database = await createTestDatabase(options);
  onTestFinished(database.drop);
  return database;
}

/** That a service works: it is ready, changes are made side by side, and a statement ends with the work that sent it. */
async function expectService(url: string, variables: Record<string, string> = {}) {
  const service = await aServiceOn(url, variables);
  const ready = await service.probe('/ready');
  const models = ['a', 'b', 'c', 'd', 'e', 'f'];
  const changes = await Promise.all(
    models.map((model, index) => service.disable(model, index % 2 ? model : undefined)),
  );
  const again = await service.disable('f', 'f');
  const { data } = await service.read();

  expect(ready).toMatchObject({ status: 200 });
  expect([...changes, again]).toMatchObject([...models, 'f'].map(() => changed));
  expect(data).toEqual({ organization: { revision: models.length } });
  await expectCancellation(url);
}

async function expectCancellation(url: string) {
  const db = createDatabase(url, { poolSize: 1 });
  onTestFinished(() => db.$disconnect());
  const client = new AbortController();
  const sleeping = withSignal(db, client.signal).query`SELECT pg_sleep(100)`.catch((error: unknown) => error);
  await sleep(300);

  client.abort();

  expect(isUnavailable(await sleeping)).toBe(true);
  expect(await db.query`SELECT 1 AS "one"`).toEqual([{ one: 1 }]);
}

describe.runIf(hasPgBouncer)('behind PgBouncer', () => {
  it.each(['session', 'transaction'] as const)('all works from migrate on in %s mode', async (mode) => {
    const { url, ownerUrl } = await aDatabase({ blank: true });
    const through = await startPgBouncer(mode, [url, ownerUrl]);

    const env = { DATABASE_URL: through(url), MIGRATE_DATABASE_URL: through(ownerUrl) };
    const migrated = [await run(['migrate'], { env }), await run(['migrate'], { env })];

    expect(migrated).toMatchObject([{ code: 0 }, { code: 0, stdout: 'The database is up to date.\n' }]);
    await expectService(through(url));
  });

  it('statements that are named are so no more once it has lost one', async () => {
    const { url } = await aDatabase();
    const through = await startPgBouncer('transaction', [url]);

    await expectService(through(url), { DATABASE_PREPARED_STATEMENTS: 'on' });
  });

  it('the start is refused in statement mode, which takes no transactions', async () => {
    const { url } = await aDatabase();
    const through = await startPgBouncer('statement', [url]);

    await expect(aServiceOn(through(url))).rejects.toThrow(/transaction blocks not allowed in statement pooling mode/);
  });
});

describe('behind a pooler', () => {
  it('that takes no parameters of its clients, and forgets what they have prepared, all works', async () => {
    const { url } = await aDatabase();
    const refuses = ['options', 'search_path', 'statement_timeout', 'idle_in_transaction_session_timeout'];
    const pooler = await startPooler(url, { forgets: true, refuses });

    await expectService(pooler.url);
  });
});
