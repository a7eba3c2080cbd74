import { ScimError } from '../../errors/scim.ts';
import type { Limits } from '../../limits.ts';
import type { Actor } from '../ledger/ledger-entry.ts';
import type { ScimToken } from './scim-token.ts';

/** A change that a directory makes: with which token, and as which actor. */
export interface DirectoryChange {
  token: ScimToken;
  actor: Actor;
  limits: Limits;
  /** Whether the issuer of the token names users by ids of ours. */
  keepsIds: boolean;
  now: Date;
  /** The version that the directory expects the resource to have; undefined where it has any. */
  expectedVersion?: number | undefined;
}

/** @throws ScimError 412 */
export function checkVersion({ expectedVersion }: DirectoryChange, { version }: { version: number }): void {
  if (expectedVersion === undefined || expectedVersion === version) return;
  throw new ScimError(undefined, 'The resource has been changed since it was read', 412);
}

/** The refusal of a value that another resource has. */
export function taken(attribute: string): ScimError {
  return new ScimError('uniqueness', `There is another resource with this ${attribute}`, 409);
}
