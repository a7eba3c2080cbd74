'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const root = join(__dirname, '..');

start().catch((error) => {
  const text =
    error.syscall === 'uv_cwd'
      ? 'The working folder does not exist any more. Change to another one.'
      : (error.stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});

async function start() {
  // Only a clone has it. What is installed from a registry is built, and compiles nothing.
  if (existsSync(join(root, 'build/stale.js'))) {
    const { buildIfStale } = await import('../build/stale.js');
    const fault = await buildIfStale();
    if (fault !== undefined) {
      process.stderr.write(`${fault}\n`);
      process.exitCode = 1;
      return;
    }
  }
  await import(pathToFileURL(join(root, 'dist/main.js')).href);
}
