import { OperatorError } from '../errors/operator-error.ts';

// The texts of environment variables, before anything is known of what they mean.

type Texts = Readonly<Record<string, string>>;

/** All faults of the environment at once. Values are not quoted: some are secret. */
export class EnvironmentError extends OperatorError {
  override readonly name = 'EnvironmentError';

  constructor(faults: readonly string[]) {
    super(`The environment has faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/** Those of these variables that are set. Values are trimmed; an empty variable counts as absent. */
export function textsOf(variables: Readonly<Record<string, string | undefined>>, names: readonly string[]): Texts {
  const trimmed = names.map((name) => [name, variables[name]?.trim() ?? ''] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
}

/** Whether a value that may also be a path is meant as a list, or an object, in JSON. */
export const isJson = (text: string) => /^[[{]/.test(text);

function mayHaveLines(name: string, value: string): boolean {
  if (name === 'LEDGER_SIGNING_KEY') return isJson(value) || value.startsWith('-----');
  return name === 'AUTH_ISSUERS' && isJson(value);
}

/** Finds what an env file or a paste may leave in a value: quotes, invisible characters. No valid value has them, but for lines of JSON or PEM. */
export function faultOfText(name: string, value: string): string | undefined {
  const text = mayHaveLines(name, value) ? value.replace(/[\t\n\r]/g, ' ') : value;
  if (/^(["'`]).*\1$/s.test(value)) return 'is in quotes, which would be part of the value; set it without them';
  if (/[\p{Cc}\u200B\u2060\uFEFF]/u.test(text)) return 'must not hold control characters or invisible ones';
  return undefined;
}
