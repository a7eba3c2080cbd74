import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectFolder } from '../commands/process.ts';
import { pagesOf, stepsOf } from './page.ts';

/** The test that runs the commands of each page. */
const walks: Record<string, string> = {
  'README.md': 'test/docs/demo-world.test.ts',
  'docs/authentication.md': 'test/docs/authentication.test.ts',
  'docs/authzen.md': 'test/docs/demo-world.test.ts',
  'docs/clients.md': 'test/docs/demo-world.test.ts',
  'docs/configuration.md': 'test/docs/configuration.test.ts',
  'docs/errors.md': 'test/docs/demo-world.test.ts',
  'docs/federation.md': 'test/docs/federation.test.ts',
  'docs/first-decision.md': 'test/commands/first-decision.test.ts',
  'docs/mcp.md': 'test/docs/demo-world.test.ts',
  'docs/policy.md': 'test/docs/demo-world.test.ts',
  'docs/production.md': 'test/docs/production.test.ts',
  'docs/rest.md': 'test/docs/demo-world.test.ts',
  'docs/sdk.md': 'test/docs/demo-world.test.ts',
  'docs/tutorial.md': 'test/docs/tutorial.test.ts',
  'integrations/cloudflare-worker/README.md': 'test/docs/integrations.test.ts',
  'integrations/litellm/README.md': 'test/docs/integrations.test.ts',
  'integrations/open-webui/README.md': 'test/docs/integrations.test.ts',
  'integrations/openfeature/README.md': 'test/docs/integrations.test.ts',
  'integrations/portkey/README.md': 'test/docs/integrations.test.ts',
};

it.each(pagesOf().filter((page) => stepsOf(page).length > 0))('the commands of %s are run by a test', (page) => {
  const test = join(projectFolder, walks[page] ?? 'no test');

  expect(existsSync(test), `no test runs the commands of ${page}`).toBe(true);
  expect(readFileSync(test, 'utf8')).toContain(page);
});
