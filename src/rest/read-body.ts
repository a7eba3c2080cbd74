import type { z } from '@hono/zod-openapi';
import { parseBody } from './faults.ts';
import { type RestContext, readJson } from './wire.ts';

/**
 * The body, if it has this shape. One who may not do the thing at all is told so first, whatever it sent: `attempt` asks the
 * graph for a change that changes nothing.
 *
 * @throws Refusal
 */
export async function readBody<Schema extends z.ZodType>(
  context: RestContext,
  schema: Schema,
  attempt: () => Promise<unknown>,
): Promise<z.output<Schema>> {
  try {
    return parseBody(schema, await readJson(context), 400);
  } catch (fault) {
    await attempt();
    throw fault;
  }
}
