import type { GateError } from './types.ts';

/** An error with a code for programs. */
export class SdkError extends Error implements GateError {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'GateError';
    this.code = code;
  }
}

/** Any error as one with a code. */
export function gateErrorOf(error: unknown): SdkError {
  if (error instanceof SdkError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SdkError('UNAVAILABLE', `The service cannot be asked: ${message}`, { cause: error });
}
