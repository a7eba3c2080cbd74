import { expect, it } from 'vitest';
import { newMasterKey } from '../../src/domain/vault/master-keys.ts';
import { readEnvironment } from '../../src/environment/environment.ts';
import { projectFolder } from '../commands/process.ts';
import { stepsOf } from './page.ts';
import { openShell } from './shell.ts';

it('the variables that docs/authentication.md sets are what the service wants', async () => {
  const shell = openShell({ cwd: projectFolder, env: {} });
  for (const step of stepsOf('docs/authentication.md')) expect(await shell(step)).toBe('');

  const set = await shell({ line: 0, info: '', commands: 'env | grep ^AUTH_' });

  const env = Object.fromEntries(
    set
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/)),
  );
  const given = { DATABASE_URL: 'postgresql://localhost/modelgate', MASTER_KEYS: newMasterKey('one'), ...env };
  expect(readEnvironment(given).auth).toMatchObject([
    { issuer: 'https://id.acme.example/realms/acme', audience: 'modelgate' },
  ]);
});
