import { OperatorError } from '../errors/operator-error.ts';

/** A command of the process. `run` gets the parameters after the command's name; `--help` is handled before. */
export interface Command {
  usage: string;
  run: (parameters: string[]) => Promise<void>;
}

/** A command has invalid parameters, or cannot be executed. The message says what to do. */
export class UsageError extends OperatorError {
  override readonly name = 'UsageError';
}

/** Turns an error of `parseArgs` into a UsageError; other errors are returned unchanged. */
export function explainParameters(error: unknown, usage: string): unknown {
  const isOfParameters =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
  if (!isOfParameters) return error;
  // Omits Node's advice about positional parameters that begin with a dash.
  return new UsageError(`${error.message.split('. ')[0]}.\n\n${usage}`);
}
