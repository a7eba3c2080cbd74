import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { onTestFinished } from 'vitest';
import { environment, script } from '../commands/process.ts';

/** What a tool has answered an agent. */
export interface Told {
  text: string;
  structured: unknown;
  isError: boolean;
}

/** An agent, which has started `modelgate mcp` with these parameters; the test's end stops it. */
export async function anAgent(parameters: readonly string[], env: Record<string, string>) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [script, 'mcp', ...parameters],
    env: Object.fromEntries(Object.entries(environment(env)).filter((entry): entry is [string, string] => !!entry[1])),
    stderr: 'pipe',
  });
  const log = { text: '' };
  transport.stderr?.on('data', (chunk) => {
    log.text += String(chunk);
  });
  const client = new Client({ name: 'agent', version: '1' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  // From here on the client checks what is structured by the schemas that the server gives.
  const { tools } = await client.listTools();

  return {
    client,
    tools,
    log,
    call: async (name: string, given: Record<string, unknown> = {}): Promise<Told> => {
      const { content, structuredContent, isError = false } = await client.callTool({ name, arguments: given });
      const [part] = content as { type: string; text: string }[];
      return { text: part?.text ?? '', structured: structuredContent, isError: isError === true };
    },
  };
}
