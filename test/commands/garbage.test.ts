import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../kit/database.ts';
import { aServiceOn } from './external.ts';
import { projectFolder } from './process.ts';

it('what belongs to a request is garbage once it is answered, and is not kept alive by older garbage', async () => {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const { service, send } = await aServiceOn(database.url, {
    NODE_OPTIONS: `--import ${join(projectFolder, 'test/kit/report-old-space.mjs')}`,
  });
  const survived = async (number: number) => {
    service.child.kill('SIGUSR2');
    return Number((await service.says(new RegExp(`survived ${number}: (.*)\n`)))[1]);
  };
  // Each is another body, so that none is answered from the cache.
  const sendSome = async (from: number) => {
    for (let spaces = from; spaces < from + 200; spaces += 1) {
      await send(JSON.stringify({ query: '{ __typename }' }) + ' '.repeat(20_000 + spaces));
    }
  };
  // Until the code of it is compiled, which stays as well.
  for (const from of [0, 200, 400]) await sendSome(from);

  const before = await survived(1);
  await sendSome(600);

  // The body of each takes 20 kB, what is cached of it one.
  expect((await survived(2)) - before).toBeLessThan(200 * 10);
});
