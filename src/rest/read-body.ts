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
