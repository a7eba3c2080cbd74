import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { OperatorError } from '../../errors/operator-error.ts';
import { say } from '../say.ts';

/** Asks the service about the organization, whose id is among the variables. @throws UsageError */
export type Ask = <Data extends z.ZodType>(
  operation: { query: string; data: Data },
  variables: object,
) => Promise<z.output<Data>>;

/** What agents can call. `run` answers a short text for the agent, and the same for programs. */
export interface Tool<Input extends z.ZodRawShape, Output extends z.ZodRawShape> {
  name: string;
  title: string;
  description: string;
  input: Input;
  output: Output;
  run: (input: z.output<z.ZodObject<Input>>, ask: Ask) => Promise<Told<z.output<z.ZodObject<Output>>>>;
}

interface Told<Structured> {
  text: string;
  structured: Structured;
}

/** The name of a model, as an agent gives it. */
export const modelName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe(
    "The model's key, alone or after its provider (gpt-4o, openai/gpt-4o), its display name, or an alias of the organization.",
  );

/** What a fault of this program is told as: it is the log that says more. */
const fault = 'The tool has failed by a fault of Modelgate. What it wrote to its standard error says more.';

/** Adds a tool to a server. What goes wrong is told to the agent as an error of the tool, without a stack. */
export function addTool<Input extends z.ZodRawShape, Output extends z.ZodRawShape>(
  server: McpServer,
  ask: Ask,
  { name, title, description, input, output, run }: Tool<Input, Output>,
): void {
  const [inputSchema, outputSchema] = [z.object(input), z.object(output)];
  const annotations = { readOnlyHint: true, openWorldHint: false };
  server.registerTool<z.ZodObject, z.ZodObject>(
    name,
    { title, description, inputSchema, outputSchema, annotations },
    async (given) => {
      try {
        const { text, structured } = await run(inputSchema.parse(given), ask);
        return { content: [{ type: 'text', text }], structuredContent: structured };
      } catch (error) {
        if (!(error instanceof OperatorError)) say(String(error instanceof Error ? error.stack : error));
        const text = error instanceof OperatorError ? error.message : fault;
        return { content: [{ type: 'text', text }], isError: true };
      }
    },
  );
}
