import { hash } from 'node:crypto';
import { TypeID } from 'typeid-js';
import { userIdForm } from '../input/id.ts';

/** What an issuer calls a user (a subject) or an organization. */
export interface Identity {
  issuer: string;
  externalId: string;
}

/**
 * The id of whom an issuer calls so, before it is first stored: the same in every process, so that nothing is read to find it, and
 * concurrent first sign-ins agree. A row of `UserIdentity` or `OrganizationIdentity` that names another id wins.
 */
export function idOf(kind: 'usr' | 'org' | 'team', { issuer, externalId }: Identity): string {
  const digest = hash('sha256', JSON.stringify([kind, issuer, externalId]), 'buffer');
  return TypeID.fromUUIDBytes(kind, digest.subarray(0, 16)).toString();
}

/** The id of a user before it is first stored. `keepsIds`: a subject of the issuer that has the form of a user's id is its id. */
export function userIdOf(identity: Identity, keepsIds: boolean): string {
  return keepsIds && userIdForm.test(identity.externalId) ? identity.externalId : idOf('usr', identity);
}
