import { hash } from 'node:crypto';
import { TypeID } from 'typeid-js';

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
