import type { ModelgateErrorCode } from './generated/types.ts';

/** The typed errors among the members of a result. */
export type ModelgateErrorOf<Result> = Extract<Result, { code: ModelgateErrorCode; message: string }>;

/**
 * Whether a mutation's result is a typed error, so that nothing was changed. It holds for errors that later versions of the
 * service add too: they have a `code` and a `message`.
 */
export function isModelgateError<Result extends object>(result: Result): result is ModelgateErrorOf<Result> {
  return 'code' in result && 'message' in result;
}
