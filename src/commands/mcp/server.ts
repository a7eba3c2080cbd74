import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { version } from '../../program.ts';
import { printable } from '../printable.ts';
import { say } from '../say.ts';
import { mayIUse } from './may-i-use.ts';
import { type Ask, addTool } from './tool.ts';
import { whatDoesItCost } from './what-does-it-cost.ts';
import { whichModels } from './which-models.ts';
import { why } from './why.ts';

/** A server with the tools, which ask about this organization. It is not connected yet. */
export function createServer(organizationId: string, ask: Ask): McpServer {
  const server = new McpServer(
    { name: 'modelgate', title: 'Modelgate', version: version() },
    {
      instructions: `Modelgate decides which AI models the organization ${organizationId} may use. Before you call, configure or recommend a model, ask may_i_use, or choose one of which_models. The answers change with the organization's policy: ask again, do not remember them.`,
    },
  );
  // A message that is no message of the protocol, for instance.
  server.server.onerror = ({ message }) => say(printable(message));
  addTool(server, ask, whichModels);
  addTool(server, ask, mayIUse);
  addTool(server, ask, why);
  addTool(server, ask, whatDoesItCost);
  return server;
}
