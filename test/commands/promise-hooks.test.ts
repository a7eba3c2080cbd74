import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../kit/database.ts';
import { aServiceOn, changed } from './external.ts';
import { projectFolder } from './process.ts';

it('no request has the promises of the process watched, which slows all of them down', async () => {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const { service, read, disable } = await aServiceOn(database.url, {
    NODE_OPTIONS: `--import ${join(projectFolder, 'test/kit/report-promise-hooks.mjs')}`,
  });
  const notes = async (number: number) => {
    service.child.kill('SIGUSR2');
    return (await service.says(new RegExp(`notes ${number}: (.*)\n`)))[1];
  };

  const before = await notes(1);
  const answers = [await read(), await disable('gpt-4o'), await disable('gpt-4o-mini', 'once'), await read()];

  expect(answers).toMatchObject([{ status: 200 }, changed, changed, { status: 200 }]);
  expect([before, await notes(2)]).toEqual(['[]', '[]']);
});
