import type { z } from '@hono/zod-openapi';
import { parseBody } from './faults.ts';
import { type RestContext, readJson } from './wire.ts';

/**
 * What a request says, as `read` makes it out. One who may not do the thing at all is told so first, whatever it sent:
 * `attempt` asks the graph for a change that changes nothing.
 *
 * @throws Refusal
 */
export async function readAllowed<Result>(
  attempt: () => Promise<unknown>,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (fault) {
    await attempt();
    throw fault;
  }
}

/** The body, if it has this shape, of one who is allowed the attempt. @throws Refusal */
export function readBody<Schema extends z.ZodType>(
  context: RestContext,
  schema: Schema,
  attempt: () => Promise<unknown>,
): Promise<z.output<Schema>> {
  return readAllowed(attempt, async () => parseBody(schema, await readJson(context), 400));
}
