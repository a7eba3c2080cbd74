import { words } from '../words.ts';

/** A result of a mutation, which may be an error. */
interface Result {
  __typename: string;
  message?: string;
  issues?: readonly { path: string; message: string }[];
}

/** Why nothing was changed, in a sentence; undefined where it was. */
export function refusalOf({ message, issues = [] }: Result): string | undefined {
  if (message === undefined) return undefined;
  return [message, ...issues.map((issue) => `${issue.path} ${issue.message}`)].join(' ');
}

/** Why there was no answer, in a sentence. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : words.unreadable);
