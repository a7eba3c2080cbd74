import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

// What the program says of itself: how it is called from where it runs, so that each command that it prints can be pasted.

/** The folder of the package: that of a clone, or below `node_modules`. */
export const packageFolder = join(import.meta.dirname, '..');

/** The scripts of package.json, which only a clone has a use for. */
const scripts: Record<string, string> = {
  serve: 'npm start',
  token: 'npm run -s token',
  policy: 'npm run -s policy',
  mcp: 'npm run -s mcp',
};

/** A command as it is called here: `npx modelgate token admin`, or `npm run -s token -- admin` in a clone. */
export function commandLine(command: string, ...parameters: readonly string[]): string {
  const isClone = existsSync(join(packageFolder, 'build/build.js'));
  if (!isClone) return [programName(), command, ...parameters].join(' ');
  const script = scripts[command] ?? `npm run ${command}`;
  return [script, ...(parameters.length > 0 ? ['--', ...parameters] : [])].join(' ');
}

/** The program as it was called, without a command: `modelgate`, `npx modelgate`, or `node` with its file. */
export function programName(): string {
  const script = process.argv[1] ?? '';
  const isInProject = /[\\/]node_modules[\\/]/.test(script);
  if (process.env.npm_command === 'exec' || isInProject) return 'npx modelgate';
  return /^modelgate(\.cmd|\.ps1)?$/.test(basename(script)) ? 'modelgate' : `node ${relative(process.cwd(), script)}`;
}

/** Where a file of the package is, as seen from the working folder. */
export function pathInPackage(path: string): string {
  return relative(process.cwd(), join(packageFolder, path));
}

export function version(): string {
  return (JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }).version;
}
