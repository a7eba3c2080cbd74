import { parseArgs } from 'node:util';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { commandLine } from '../../program.ts';
import { type Command, UsageError } from '../command.ts';
import { connectionsOf } from '../graph/connection.ts';
import { ask } from '../graph/graph.ts';
import { organizationOf } from '../graph/organization.ts';
import { say } from '../say.ts';
import { createServer } from './server.ts';

const usage = `Usage: ${commandLine('mcp', '--org ORG [--url URL] [--token-file FILE]')}

Tells agents which models an organization may use: a server of the Model Context Protocol over the standard input and output. It
asks a running service, needs no database and changes nothing.

  --org         the id of the organization (org_…)
  --url         the address of the service; MODELGATE_URL, else http://localhost:4000, if not given
  --token-file  a file with the token or the API key, which is read for each request; MODELGATE_TOKEN, if not given

Tools: which_models, may_i_use, why, what_does_it_cost.
`;

const options = { org: { type: 'string' }, url: { type: 'string' }, 'token-file': { type: 'string' } } as const;

export const mcp: Command = {
  usage,
  run: async (args) => {
    const { values } = parseArgs({ args, options });
    if (values.org === undefined) throw new UsageError(`Which organization? --org ORG\n\n${usage}`);
    const organizationId = organizationOf(values.org);
    // It runs for days: a token that was renewed in its file counts from the next request on.
    const connect = () => connectionsOf(values)(organizationId);
    const { url } = connect();

    const server = createServer(organizationId, async (operation, variables) =>
      ask(connect(), operation, { organizationId, ...variables }),
    );
    await server.connect(new StdioServerTransport());
    say(`Agents are told about ${organizationId} by ${url}.`);
  },
};
