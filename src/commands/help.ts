import { nearestWord } from '../catalog/edit-distance.ts';
import { pathInPackage, programName } from '../program.ts';
import { type Command, UsageError } from './command.ts';
import { commands } from './commands.ts';

const width = Math.max(...[...commands.keys()].map((name) => name.length));
const summaries = [...commands].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);

/** The help of the program. */
export const usage = `Modelgate decides which AI models an organization may use.

Usage: ${programName()} [command]

${summaries.join('\n')}
  ${'help'.padEnd(width)}  tells more of a command: ${programName()} help token
  ${'--version'.padEnd(width)}  tells which version this is

The variables of the environment are in ${pathInPackage('.env.example')}.
`;

/** The command of this name. @throws UsageError */
export async function findCommand(name: string): Promise<Command> {
  const found = commands.get(name);
  if (found) return found.load();
  const near = nearestWord(name, [...commands.keys()]);
  throw new UsageError(
    `There is no command "${name}".${near === undefined ? '' : ` Did you mean ${near}?`}\n\n${usage}`,
  );
}
