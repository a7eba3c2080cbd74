import { z } from 'zod';
import { isPlaceholder } from './placeholder.ts';

export const minSecretLength = 8;
const maxSecretLength = 4096;

const wrongLength = `must have from ${minSecretLength} to ${maxSecretLength} characters`;
const notAlone = 'must be the key alone, without the header or variable that it is the value of';

/** The name of a provider key or an API key. */
export const keyName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'must not be longer than 100 characters')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

/** The secret of a provider key, as it was issued. Error messages never quote it. */
export const keySecret = z.string().superRefine((secret, { addIssue }) => {
  const message = faultOf(secret);
  if (message !== undefined) addIssue({ code: 'custom', message });
});

/** Real keys consist of visible ASCII characters, so that masks, quotes, headers and placeholders can be recognized. */
function faultOf(secret: string): string | undefined {
  if (secret.length > maxSecretLength) return wrongLength;
  if (/[…•●]|\*{2,}|\.{3}/u.test(secret)) return 'looks masked; give the whole key';
  if (/^["'`“‘]|["'`”’]$/.test(secret)) return 'is in quotes; give the key without them';
  if (isPlaceholder(secret)) return 'looks like a placeholder; give the key itself';
  if (/^(?:bearer|authorization|api-key|x-api-key|x-goog-api-key)[\s:]/i.test(secret)) return notAlone;
  if (/^(?:export\s+)?[A-Z][A-Z0-9]*_[A-Z0-9_]*=/.test(secret)) return notAlone;
  if (!/^[!-~]*$/.test(secret)) return 'must consist of visible ASCII characters, without spaces';
  if (secret.length < minSecretLength) return wrongLength;
  return undefined;
}
