import { z } from 'zod';
import type { Reason } from '../../policy/reasons.ts';
import { Printable } from '../printable.ts';

const sentences: Readonly<Record<Reason, string>> = {
  UNKNOWN_MODEL: 'The catalog has no such model.',
  RETIRED: 'Its provider has retired it.',
  PROVIDER_DISABLED: 'The organization has disabled its provider.',
  MODEL_DISABLED: 'The organization has disabled it, by one of its names.',
};

/** Why a model may not be used. A newer service may have others than those that are known here. */
export const Reasons = z.array(Printable);

/** A reason as a sentence; its name where it is not known here. */
export function inWords(reason: string): string {
  return Object.hasOwn(sentences, reason) ? sentences[reason as Reason] : `${reason}.`;
}

/** Reasons as one text, each with its name. */
export function allInWords(reasons: readonly string[]): string {
  return reasons.map((reason) => `${inWords(reason)} (${reason})`).join(' ');
}
