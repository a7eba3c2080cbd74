import { once } from 'node:events';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { createTestDatabase } from '../kit/database.ts';
import { mint } from '../kit/issuer.ts';
import { buildWorld } from '../kit/world.ts';
import { environmentOn } from './external.ts';
import { runs } from './process.ts';

async function aDatabase() {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const db = createDatabase(database.url, { poolSize: 1 });
  onTestFinished(() => db.$disconnect());
  const listener = new pg.Client({ connectionString: database.url });
  await listener.connect();
  onTestFinished(() => listener.end());
  await listener.query('LISTEN modelgate_revision');
  return { database, db, listener };
}

async function startOn(env: Record<string, string>) {
  const service = runs(['serve'], { env });
  const [, url = ''] = await service.says(/ready: (\S+)\/graphql/);
  return { service, url };
}

describe('a process that is killed between the commit and the answer', () => {
  it('has made the change, once; the next attempt is told of it', async () => {
    const { database, db, listener } = await aDatabase();
    const { organization, admin } = await buildWorld(db);
    const env = await environmentOn(database.url);
    const send = async (url: string) =>
      fetch(`${url}/v1/organizations/${organization.id}/model-settings`, {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${await mint({ sub: admin.id })}`,
          'content-type': 'application/json',
          'idempotency-key': 'sent-twice',
        },
        body: JSON.stringify({ disabledModels: ['gpt-4o'] }),
      });

    const first = await startOn(env);
    const committed = once(listener, 'notification');
    const lost = send(first.url).catch(() => undefined);
    await committed;
    first.service.child.kill('SIGKILL');
    await Promise.all([lost, first.service.outcome]);

    const second = await startOn(env);
    const answer = await send(second.url);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('idempotency-replayed')).toBe('true');
    expect(await answer.json()).toMatchObject({ disabled_models: ['gpt-4o'], updated_by: admin.id });
    expect(await db.revision.count({ where: { organizationId: organization.id } })).toBe(1);
  });
});
