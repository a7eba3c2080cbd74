import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Else graphql is loaded twice, as an ES and as a CommonJS module, and its errors are not recognised.
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/kit/global-setup.ts',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
