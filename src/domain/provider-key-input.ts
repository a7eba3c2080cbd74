import { z } from 'zod';

export const minSecretLength = 8;
const maxSecretLength = 4096;

/** What people call a key. */
export const keyName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'must not be longer than 100 characters')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

/** A provider's key as it was issued. What is said against it repeats none of it. */
export const keySecret = z.string().superRefine((secret, { addIssue }) => {
  const message = faultOf(secret);
  if (message !== undefined) addIssue({ code: 'custom', message });
});

function faultOf(secret: string): string | undefined {
  if (/[…•●]|\*{2,}|\.{3}/u.test(secret)) return 'looks masked; give the whole key';
  if (!/^[!-~]*$/.test(secret)) return 'must consist of visible ASCII characters, without spaces';
  if (secret.length < minSecretLength || secret.length > maxSecretLength) {
    return `must have from ${minSecretLength} to ${maxSecretLength} characters`;
  }
  return undefined;
}
