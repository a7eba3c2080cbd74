import { resolve } from 'node:path';
import { demoPeople } from '../database/migrate/demo-world.ts';
import type { Environment } from '../environment/environment.ts';
import { commandLine } from '../program.ts';

/** Printed when the embedded mode is ready. Each command in it is a single line, so that it can be pasted. */
export function banner(
  url: string,
  { dataDirectory, console, graphiql = true }: Pick<Environment, 'dataDirectory' | 'console' | 'graphiql'>,
): string {
  const people = demoPeople.map(
    ({ persona, name, role, organization }) =>
      `  ${persona.padEnd(9)} ${name}, ${role} of ${organization.name} (${organization.id})`,
  );
  // Another terminal does not have the DATA_DIR of this process, and without it would sign with another key.
  const data = dataDirectory === undefined ? '' : `DATA_DIR=${quote(resolve(dataDirectory))} `;
  const token = `${data}${commandLine('token', 'admin')}`;
  const query = `{ organizationModelSettings(organizationId: "${demoPeople[0]?.organization.id}") { disabledProviders disabledModels defaultModelKey revision } }`;
  return `
Modelgate is ready: ${url}/graphql${graphiql ? ' (open it in a browser for GraphiQL)' : ''}
${console ? `The console is at ${url}/console\n` : ''}
The demo world:
${people.join('\n')}

A token for one of them, from this folder:
  ${token}

Try it:
  curl -sS -w '\\n' ${url}/graphql -H 'content-type: application/json' -H "authorization: Bearer $(${token})" -d '${JSON.stringify({ query })}'

Ctrl-C stops it.
`;
}

/** Quotes a word for a shell. */
function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
