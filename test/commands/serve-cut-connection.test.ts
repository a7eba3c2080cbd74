import { expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../kit/database.ts';
import { aServiceOn, unavailable } from './external.ts';
import { startRelay } from './relay.ts';

it('gives up connections that were cut and told nothing, and opens others', async () => {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const relay = await startRelay(database.url);
  const variables = { EXECUTION_TIMEOUT_MS: '1000', DATABASE_POOL_SIZE: '2' };
  const { read, recovers } = await aServiceOn(relay.url, variables);
  await Promise.all([read(), read(), read(), read()]);

  relay.cut();
  const answers = await Promise.all([read(), read()]);
  const recoveryMs = await recovers();

  expect(answers).toMatchObject([unavailable, unavailable]);
  expect(recoveryMs).toBeLessThan(15_000);
});
