// Installs the parts that others wrote, which only tests need, unless they are there: tsx test/interop/install.ts
// (The overrides in their package.json leave out what no test reaches: cloud clients, telemetry, a page.)
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

process.chdir(import.meta.dirname);
const stampFile = 'node_modules/.lock.sha256';
const stamp = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  process.stderr.write(
    'Installing the gateways and compilers that the tests try the service with (a minute or two) …\n',
  );
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status === 0) writeFileSync(stampFile, stamp);
  else process.exitCode = 1;
}
