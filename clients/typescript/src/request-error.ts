import type { ModelgateErrorCode } from './generated/types.ts';

/** A top-level error, as the service answers it. */
export interface GraphQLFault {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: ModelgateErrorCode; traceId?: string; [key: string]: unknown };
}

interface Answer {
  status: number;
  errors: readonly GraphQLFault[];
  data: unknown;
  retryAfter: number | undefined;
}

/** The service answered no data, or not all of it; the `cause` of one that was not answered is that of `fetch`. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** That of the first error; undefined where what answered was not the service. */
  readonly code: ModelgateErrorCode | undefined;
  readonly errors: readonly GraphQLFault[];
  /** What there is besides the errors, if anything. */
  readonly data: unknown;
  /** The seconds after which the service may be asked again, where it said so. */
  readonly retryAfter: number | undefined;

  constructor({ status, errors, data, retryAfter }: Answer, options?: ErrorOptions) {
    super(errors.map(({ message }) => message).join('; ') || `The answer has status ${status}.`, options);
    this.status = status;
    this.code = errors[0]?.extensions?.code;
    this.errors = errors;
    this.data = data;
    this.retryAfter = retryAfter;
  }
}
