import { expect, it, onTestFinished, vi } from 'vitest';
import { applyMigrations } from '../../src/database/migrate/migrations.ts';
import { startMortalPostgres } from '../kit/temporary-postgres.ts';
import { aServiceOn, countRefusals, notReady, unavailable } from './external.ts';

it('says so in time when its PostgreSQL is frozen, serves again when it is not, and can be stopped all the same', async () => {
  const postgres = await startMortalPostgres();
  onTestFinished(postgres.remove);
  await applyMigrations(postgres.ownerUrl, { serviceRole: 'modelgate' });
  const { service, read, recovers, probe, isRefused } = await aServiceOn(postgres.url, {
    EXECUTION_TIMEOUT_MS: '9000',
  });

  const refused = [await isRefused(), await isRefused()];
  const thaw = await postgres.freeze();
  const answers = await Promise.all([read(), read(), read(), probe('/ready'), probe('/health')]).finally(thaw);
  const recoveryMs = await recovers();
  await vi.waitUntil(async () => (await countRefusals(postgres.url)) > 0, { timeout: 15_000 });
  const counted = await countRefusals(postgres.url);
  const thawAgain = await postgres.freeze();
  const toldAt = performance.now();
  service.child.kill('SIGTERM');
  const { code } = await service.outcome.finally(thawAgain);

  expect(answers).toMatchObject([...Array(3).fill(unavailable), notReady, { status: 200 }]);
  expect([refused, counted]).toEqual([[true, true], 2]);
  expect(recoveryMs).toBeLessThan(15_000);
  expect(code).toBe(0);
  expect(performance.now() - toldAt).toBeLessThan(10_000);
});
