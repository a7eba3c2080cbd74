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
  return error instanceof SdkError ? error : unreachable('The service', error);
}

/** That what is at an address, or has a name, gives no answer. */
export function unreachable(service: string, error: unknown): SdkError {
  const message = error instanceof Error ? error.message : String(error);
  const cause = causeOf(error);
  const why = cause === undefined ? message : `${message} (${cause})`;
  return new SdkError('UNAVAILABLE', `${service} cannot be asked: ${why}`, { cause: error });
}

/** What `fetch failed` keeps to itself: `ECONNREFUSED`, `ENOTFOUND`, the code of a certificate. */
function causeOf(error: unknown): string | undefined {
  const { cause } = (error ?? {}) as { cause?: { code?: unknown; message?: unknown } };
  const why = cause?.code ?? cause?.message;
  return typeof why === 'string' ? why : undefined;
}
