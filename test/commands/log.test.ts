import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder, run, runs } from './process.ts';

const log = JSON.stringify(join(projectFolder, 'src/commands/log.ts'));

/** Node, on a module that has a log. */
const program = (code: string) => [
  '--import',
  'tsx',
  '--input-type=module',
  '-e',
  `import { openLog } from ${log};\n${code}`,
];
const messages = (stdout: string) => stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).msg]));

const twoLines = `const log = openLog('info');\nlog.info('one');\nlog.info('two');`;

describe('the log', () => {
  it.each([
    ['of its own accord', ''],
    ['by an exit', 'process.exit(0);'],
    ['by an error that nobody catches', 'setImmediate(() => { throw new Error("a fault"); });'],
    ['by a signal that is heeded', 'process.once("SIGTERM", () => process.exit(0)).kill(process.pid, "SIGTERM");'],
  ])('is whole when the process ends %s', async (_how, code) => {
    const { stdout } = await run(program(`${twoLines}\n${code}`), { program: process.execPath });

    expect(messages(stdout)).toEqual(['one', 'two']);
  });

  it('has each error, and what came before it, even where the process is killed', async () => {
    const code = `${twoLines}\nlog.error('a fault');\nlog.info('three');\nprocess.kill(process.pid, 'SIGKILL');`;
    const { stdout } = await run(program(code), { program: process.execPath });

    expect(messages(stdout)).toEqual(['one', 'two', 'a fault']);
  });

  it('shows every line soon, while the process runs', async () => {
    const { output } = runs(program(`${twoLines}\nsetInterval(() => {}, 1_000);`), { program: process.execPath });

    await expect.poll(() => messages(output.stdout), { timeout: 10_000 }).toEqual(['one', 'two']);
  });

  it('loses none of many lines', async () => {
    const code = `const log = openLog('info');\nfor (let i = 0; i < 20_000; i++) log.info(String(i));`;
    const { stdout } = await run(program(code), { program: process.execPath });

    expect(messages(stdout)).toEqual(Array.from({ length: 20_000 }, (_, index) => String(index)));
  });
});
