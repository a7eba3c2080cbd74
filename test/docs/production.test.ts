import { join } from 'node:path';
import { it, onTestFinished } from 'vitest';
import { freePort } from '../../src/database/embedded/server.ts';
import { environmentOn } from '../commands/external.ts';
import { ownFolder, projectFolder } from '../commands/process.ts';
import { createTestDatabase } from '../kit/database.ts';
import { walk } from './walk.ts';

it('every command of docs/production.md, on a database that is empty, answers what is shown', async () => {
  const [database, restored] = await Promise.all([
    createTestDatabase({ blank: true }),
    createTestDatabase({ blank: true }),
  ]);
  onTestFinished(async () => void (await Promise.all([database.drop(), restored.drop()])));
  const { AUTH_JWKS_URL, AUTH_ISSUER } = await environmentOn(database.url);
  const [port, metricsPort] = await Promise.all([freePort(), freePort()]);

  await walk('docs/production.md', {
    cwd: await ownFolder(),
    // Where the page's issuer would tell where its keys are.
    env: { AUTH_JWKS_URL, PORT: `${port}` },
    // That npm installs the package is test/commands/package.test.ts.
    prelude: `npm() { test "$1" = install || echo "npm $*?"; }; modelgate() { node ${join(projectFolder, 'bin/modelgate.cjs')} "$@"; }`,
    replacements: new Map([
      ['postgresql://modelgate:…@db.example.com/modelgate', database.url],
      ['postgresql://modelgate_owner:…@db.example.com/modelgate', database.ownerUrl],
      ['postgresql://modelgate:…@db.example.com/restored', restored.url],
      ['postgresql://modelgate_owner:…@db.example.com/restored', restored.ownerUrl],
      ['https://id.acme.example/realms/acme', AUTH_ISSUER],
      ['HOST=0.0.0.0', 'HOST=localhost'],
      ['http://localhost:4000', `http://localhost:${port}`],
      ['9464', `${metricsPort}`],
    ]),
  });
});
