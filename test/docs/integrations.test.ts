import { join } from 'node:path';
import { it } from 'vitest';
import { freePort } from '../../src/database/embedded/server.ts';
import { projectFolder } from '../commands/process.ts';
import { hasPython } from '../interop/integrations/python.ts';
import { onDemoWorld, walk } from './walk.ts';

const packages = join(projectFolder, 'test/interop/node_modules');

/** What npm would install is what the tests have installed: that the package itself can be is test/commands/package.test.ts. */
const prelude = `
  npx() { shift; case "$1" in
    workerd) shift; ${packages}/.bin/workerd "$@";;
    @portkey-ai/gateway) shift; node ${packages}/@portkey-ai/gateway/build/start-server.js "$@";;
    *) return 1;; esac; }
  eval "persona_$(declare -f npm)"
  npm() { case "$*" in
    "install ${projectFolder} @openfeature/server-sdk")
      mkdir node_modules && ln -s ${packages}/@openfeature node_modules/ && ln -s ${projectFolder} node_modules/modelgate;;
    *) persona_npm "$@";; esac; }`;

it.each([
  'integrations/cloudflare-worker/README.md',
  'integrations/openfeature/README.md',
  'integrations/portkey/README.md',
  ...(hasPython ? ['integrations/litellm/README.md', 'integrations/open-webui/README.md'] : []),
])('every command of %s leads to what is shown: a refusal that says why', async (page) => {
  const [gateway, webhook] = await Promise.all([freePort(), freePort()]);
  const shell = await onDemoWorld([
    ['8787', `${gateway}`],
    ['8788', `${webhook}`],
  ]);

  await walk(page, { ...shell, prelude: `${shell.prelude}\n${prelude}` });
});
