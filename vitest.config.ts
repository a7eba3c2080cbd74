import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Else graphql is loaded twice, as an ES and as a CommonJS module, and its errors are not recognised.
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/kit/global-setup.ts',
    // To load the service takes longer than most files: a worker does it once. Many tests wait more than they work.
    isolate: false,
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // Some start whole processes, gateways and browsers, on machines that have other work beside.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The second that is the default is short on a machine that has other work.
    expect: { poll: { timeout: 10_000 } },
  },
});
