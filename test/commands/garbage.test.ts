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

  const kilobytes = [await survived(1)];
  for (const round of [1, 2, 3, 4, 5]) {
    await sendSome(400 + round * 200);
    kilobytes.push(await survived(round + 1));
  }
  const growth = kilobytes.slice(1).map((now, index) => now - (kilobytes[index] ?? 0));

  // The body of each takes 20 kB, what is cached of it one. In one of the rounds the old generation may be collected.
  expect(growth.toSorted((one, other) => one - other)[2]).toBeLessThan(200 * 10);
});
