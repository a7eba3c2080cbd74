import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { applyMigrations } from '../../src/database/migrate/migrations.ts';
import { createTestDatabase } from '../kit/database.ts';
import { aServiceOn } from './external.ts';
import { expectKept, readKept } from './kept.ts';
import { startLoad } from './load.ts';

/** What migrations of the next release may do: nothing that this release must know of. */
const next: Record<string, string> = {
  '99990101000000_columns': [
    'Organization',
    'User',
    'ModelSettings',
    'ModelConfig',
    'Revision',
    'UsageRecord',
    'Membership',
  ]
    .map((table) => `ALTER TABLE "${table}" ADD COLUMN "next" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "later" JSONB;`)
    .join('\n'),
  '99990102000000_table': `CREATE TABLE "Next" ("organizationId" TEXT PRIMARY KEY REFERENCES "Organization"("id"));
    CREATE FUNCTION "note_next"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO "Next" VALUES (NEW."organizationId") ON CONFLICT DO NOTHING; RETURN NULL; END $$;
    ALTER FUNCTION "note_next"() SECURITY DEFINER;
    CREATE TRIGGER "Revision_next" AFTER INSERT ON "Revision" FOR EACH ROW EXECUTE FUNCTION "note_next"();`,
  '99990103000000_index': 'CREATE INDEX "ModelConfig_next_idx" ON "ModelConfig"("next");',
};

async function migrationsOfNext(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'modelgate-next-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await cp(join(import.meta.dirname, '../../prisma/migrations'), directory, { recursive: true });
  for (const [name, sql] of Object.entries(next)) {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, 'migration.sql'), sql);
  }
  return directory;
}

type Process = Awaited<ReturnType<typeof aServiceOn>>;

/** A load balancer: sends each request to the next process that is ready, as it looked a moment ago. */
function balance(processes: readonly Process[]) {
  let ready: readonly Process[] = processes;
  let count = 0;
  let isOn = true;
  let members = [...processes];
  const watching = (async () => {
    while (isOn) {
      const looked = await Promise.all(
        members.map((one) =>
          one.probe('/ready').then(
            ({ status }) => status === 200,
            () => false,
          ),
        ),
      );
      ready = members.filter((_, index) => looked[index]);
      await sleep(100);
    }
  })();
  return {
    ask: (query: string) => {
      const one = ready[count++ % ready.length];
      if (!one) throw new Error('No process is ready.');
      return one.ask(query);
    },
    add: (one: Process) => {
      members = [...members, one];
    },
    stop: async () => {
      isOn = false;
      await watching;
    },
  };
}

it('an upgrade loses nothing, and no request fails: migrations under load, then one process after the other', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const first = await aServiceOn(database.url);
  const second = await aServiceOn(database.url, {}, first.world);
  const balancer = balance([first, second]);
  const load = startLoad(balancer.ask, first.organizationId);
  await load.progresses();

  const applied = await applyMigrations(database.ownerUrl, {
    directory: await migrationsOfNext(),
    serviceRole: 'modelgate',
  });
  await load.progresses();
  const third = await aServiceOn(database.url, {}, first.world);
  balancer.add(third);
  const codes = [];
  for (const { service } of [first, second]) {
    service.child.kill('SIGTERM');
    codes.push((await service.outcome).code);
    await load.progresses();
  }
  const told = await load.stop();
  await balancer.stop();

  expect(applied).toEqual(Object.keys(next));
  expect(codes).toEqual([0, 0]);
  expect([...told.codes]).toEqual([]);
  expectKept(await readKept(database.ownerUrl, first.organizationId), told);
});
