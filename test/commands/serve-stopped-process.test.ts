import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { createTestDatabase } from '../kit/database.ts';
import { tokenOf } from '../kit/issuer.ts';
import { buildWorld } from '../kit/world.ts';
import { environmentOn } from './external.ts';
import { addressOf, runs } from './process.ts';
import { startRelay } from './relay.ts';

it('a process that was stopped, and its lines cut, answers with nothing older than what was acknowledged meanwhile', async () => {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const db = createDatabase(database.url, { poolSize: 1 });
  const { organization, admin } = await buildWorld(db).finally(() => db.$disconnect());
  const relay = await startRelay(database.url);
  const env = await environmentOn(database.url);
  const cut = runs(['serve'], { env: { ...env, DATABASE_URL: relay.url, EXECUTION_TIMEOUT_MS: '1000' } });
  onTestFinished(() => void cut.child.kill('SIGCONT'));
  const [here, there] = await Promise.all([addressOf(cut), addressOf(runs(['serve'], { env }))]);
  const path = `/v1/organizations/${organization.id}/model-settings`;
  const authorization = `Bearer ${await tokenOf(admin)}`;
  /** The models that are disabled; or the status, where it is not told. */
  const read = async () => {
    const response = await fetch(`${here}${path}`, { headers: { authorization } });
    const { disabled_models: models } = (await response.json()) as { disabled_models?: string[] };
    return String(models ?? response.status);
  };
  // Until it answers from its caches. On a busy machine the first answers may take longer than they may.
  const since = Date.now();
  let answer: string;
  do {
    answer = await read();
    expect(['', '503']).toContain(answer);
  } while (answer !== '' || Date.now() - since < 2_000);

  relay.cut();
  cut.child.kill('SIGSTOP');
  const change = await fetch(`${there}${path}`, {
    method: 'PATCH',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ disabled_models: ['gpt-4o'] }),
  });
  const reading = Array.from({ length: 20 }, read);
  // What was sent is there before it goes on.
  await sleep(100);
  cut.child.kill('SIGCONT');

  expect(change.status).toBe(200);
  for (const answer of await Promise.all(reading)) expect(['gpt-4o', '503']).toContain(answer);
  await expect.poll(read, { timeout: 20_000 }).toBe('gpt-4o');
});
