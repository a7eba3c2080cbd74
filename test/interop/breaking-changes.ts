import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** A breaking change that is meant: its type and path as graphql-inspector names them, and why it has to be. */
export interface AcceptedChange {
  type: string;
  path: string;
  reason: string;
}

/**
 * What stands between a schema and its release, one sentence each: changes that break clients of the schema that was
 * released last and are not accepted, and accepted ones that are not made.
 */
export async function obstaclesTo(
  schema: string,
  released: string,
  accepted: readonly AcceptedChange[],
): Promise<string[]> {
  const changes = await diff(buildSchema(released), buildSchema(schema));
  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
  const isOf = (change: Change) => (one: AcceptedChange) => one.type === change.type && one.path === change.path;
  return [
    ...breaking
      .filter((change) => !accepted.some(isOf(change)))
      .map(({ type, path, message }) => `${message} (${type} ${path})`),
    ...accepted
      .filter((one) => !breaking.some((change) => isOf(change)(one)))
      .map(({ type, path }) => `An accepted change is not made: ${type} ${path}`),
    ...accepted.filter(({ reason }) => reason === '').map(({ type, path }) => `No reason is given: ${type} ${path}`),
  ];
}
