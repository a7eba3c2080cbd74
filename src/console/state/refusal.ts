import { words } from '../words.ts';

/** A result of a mutation, which may be an error. */
interface Result {
  __typename: string;
  message?: string;
  issues?: readonly { path: string; message: string }[];
}

const reasons = new RegExp(`\\b(?:${Object.keys(words.reasons).join('|')})\\b`, 'g');

/** Why nothing was changed, in a sentence, which names all issues; undefined where it was. Reasons are in words, not by their codes. */
export function refusalOf({ message }: Result): string | undefined {
  return message?.replaceAll(reasons, (code) => {
    const [first = '', ...others] = words.reasons[code as keyof typeof words.reasons].replace(/\.$/, '');
    return first.toLowerCase() + others.join('');
  });
}

/** What is wrong with single fields of the input, by their names. */
export function issuesOf({ issues = [] }: Result): Readonly<Record<string, string>> {
  return Object.fromEntries(issues.map(({ path, message }) => [path.split(/[.[]/, 1)[0], message]));
}

/** Why there was no answer, in a sentence. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : words.unreadable);
