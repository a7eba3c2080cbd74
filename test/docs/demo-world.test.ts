import { describe, it } from 'vitest';
import { onDemoWorld, walk } from './walk.ts';

describe('every command, in order, answers what is shown in', () => {
  it.each([
    'README.md',
    'docs/authzen.md',
    'docs/clients.md',
    'docs/errors.md',
    'docs/mcp.md',
    'docs/policy.md',
    'docs/rest.md',
    'docs/sdk.md',
  ])('%s', async (page) => {
    await walk(page, await onDemoWorld());
  });
});
