import { z } from 'zod';
import { Printable } from '../printable.ts';

/** Reasons of this version and of others: the service that is asked need not be of the same. */
const sentences: ReadonlyMap<string, string> = new Map([
  ['UNKNOWN_MODEL', 'The catalog has no such model.'],
  ['RETIRED', 'Its provider has retired it.'],
  ['NOT_A_MEMBER', 'Whoever asks does not belong to the organization.'],
  ['PROVIDER_DISABLED', 'Its provider is disabled here.'],
  ['MODEL_DISABLED', 'It is disabled here, by one of its names.'],
  ['NOT_ALLOWED', 'An allow list is in force here, and does not have it.'],
  ['PENDING_REVIEW', 'It is new in the catalog, and nobody has reviewed it here.'],
]);

/** Why a model may not be used. */
export const Reasons = z.array(Printable);

/** A reason as a sentence; its name where it is not known here. */
export function inWords(reason: string): string {
  return sentences.get(reason) ?? `${reason}.`;
}

/** Reasons as one text, each with its name. */
export function allInWords(reasons: readonly string[]): string {
  return reasons.map((reason) => `${inWords(reason)} (${reason})`).join(' ');
}
