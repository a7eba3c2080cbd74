import type { CheckpointMisfit } from '../domain/checkpoints/verify-checkpoints.ts';
import type { Misfit } from '../domain/ledger/verify-chain.ts';
import { printable } from './printable.ts';

/** What of a ledger does not fit; `REMOVED`: the organization is gone, and has checkpoints. */
export type Finding = Misfit | CheckpointMisfit | (Omit<Misfit, 'fault'> & { fault: 'REMOVED' });

export interface Verified {
  organizations: number;
  entries: number;
  /** How many checkpoints were verified, and how many were not, since there is no key. */
  checkpoints: { verified: number; unverified: number };
  /** Of each organization the first. */
  findings: Finding[];
}

const faults: Record<Finding['fault'], string> = {
  CHANGED: 'does not fit: it, its hash or the hash of the one before was changed',
  MISSING: 'is missing',
  SURPLUS: 'is there, but the organization has not come to that revision',
  OTHER_HASH: 'is not the one that a checkpoint was made of: it, or one before it, was written anew',
  BEYOND: 'is missing, and a checkpoint was made of it',
  BAD_SIGNATURE: 'has a checkpoint that was changed, or put there',
  UNKNOWN_KEY: 'has a checkpoint that none of the keys has signed; name the earlier keys with --keys',
  REMOVED: 'is missing, with its whole organization, and a checkpoint was made of it',
};

/** What was found, a line each. Ids are printable: else those of a forger could erase the line that names them. */
export function describeVerified({ organizations, entries, checkpoints, findings }: Verified): string[] {
  const found = findings.map(
    ({ organizationId, number, id, fault }) =>
      `${organizationId}: entry ${number}${id === null ? '' : ` (${id})`} ${faults[fault]}.`,
  );
  const all = `Verified ${entries} entries of ${organizations} organizations, and ${checkpoints.verified} checkpoints`;
  const outcome = findings.length === 0 ? 'everything fits' : `${findings.length} ${plural(findings.length)} not fit`;
  const unverified = checkpoints.unverified === 0 ? [] : [noKey(checkpoints.unverified)];
  return [...found, ...unverified, `${all}: ${outcome}.`].map(printable);
}

const plural = (count: number) => (count === 1 ? 'ledger does' : 'ledgers do');

function noKey(count: number): string {
  return `${count} checkpoints were not verified, since there is no key: set LEDGER_SIGNING_KEY, or name public keys with --keys.`;
}
