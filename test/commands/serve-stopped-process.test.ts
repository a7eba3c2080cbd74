import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/client.ts';
import { createTestDatabase } from '../kit/database.ts';
import { tokenOf } from '../kit/issuer.ts';
import { buildWorld } from '../kit/world.ts';
import { environmentOn } from './external.ts';
import { addressOf, runs } from './process.ts';

it('a process that was stopped and goes on answers with nothing older than what was acknowledged meanwhile', async () => {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const db = createDatabase(database.url, { poolSize: 1 });
  const { organization, admin } = await buildWorld(db).finally(() => db.$disconnect());
  const env = await environmentOn(database.url);
  const [stopped, other] = [runs(['serve'], { env }), runs(['serve'], { env })];
  onTestFinished(() => void stopped.child.kill('SIGCONT'));
  const [here, there] = await Promise.all([addressOf(stopped), addressOf(other)]);
  const path = `/v1/organizations/${organization.id}/model-settings`;
  const authorization = `Bearer ${await tokenOf(admin)}`;
  const read = async () => {
    const response = await fetch(`${here}${path}`, { headers: { authorization } });
    return ((await response.json()) as { disabled_models: string[] }).disabled_models;
  };
  const disable = (model: string) =>
    fetch(`${there}${path}`, {
      method: 'PATCH',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ disabled_models: [model] }),
    });

  for (const model of ['gpt-4o', 'gpt-4o-mini', 'o3']) {
    // Also after it was stopped it comes to use its caches again.
    await sleep(1_500);
    for (const _ of [1, 2, 3]) await read();

    stopped.child.kill('SIGSTOP');
    const change = await disable(model);
    const reading = Array.from({ length: 20 }, read);
    // What was sent is there before it goes on.
    await sleep(100);
    stopped.child.kill('SIGCONT');

    expect(change.status).toBe(200);
    expect(await Promise.all(reading)).toEqual(Array(20).fill([model]));
  }
});
