import { words } from '../words.ts';

/** A result of a mutation, which may be an error. */
interface Result {
  __typename: string;
  message?: string;
  issues?: readonly { path: string; message: string }[];
}

const reasons: Readonly<Record<string, string>> = words.reasons;

/** Why nothing was changed, in a sentence, which names all issues; undefined where it was. Reasons are in words, not by their codes. */
export function refusalOf({ message }: Result): string | undefined {
  return message?.replaceAll(/\b[A-Z][A-Z_]+\b/g, (code) => {
    const [first, ...others] = reasons[code]?.replace(/\.$/, '') ?? '';
    return first === undefined ? code : first.toLowerCase() + others.join('');
  });
}

/** What is wrong with single fields of the input, by their names. */
export function issuesOf({ issues = [] }: Result): Readonly<Record<string, string>> {
  return Object.fromEntries(issues.map(({ path, message }) => [path.split(/[.[]/, 1)[0], message]));
}

/** Why there was no answer, in a sentence. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : words.unreadable);
