import { words } from '../words.ts';

/** A result of a mutation, which may be an error. */
interface Result {
  __typename: string;
  message?: string;
  issues?: readonly { path: string; message: string }[];
}

/** Why nothing was changed, in a sentence, which names all issues; undefined where it was. */
export const refusalOf = ({ message }: Result): string | undefined => message;

/** What is wrong with single fields of the input, by their names. */
export function issuesOf({ issues = [] }: Result): Readonly<Record<string, string>> {
  return Object.fromEntries(issues.map(({ path, message }) => [path.split(/[.[]/, 1)[0], message]));
}

/** Why there was no answer, in a sentence. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : words.unreadable);
