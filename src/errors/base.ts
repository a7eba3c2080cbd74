/** The only list of error codes, each with its HTTP status and class of error. */
export const errorCodes = {
  AUTHENTICATION_REQUIRED: { status: 401, type: 'authentication_error' },
  INSUFFICIENT_PERMISSIONS: { status: 403, type: 'authorization_error' },
  ORGANIZATION_ACCESS_DENIED: { status: 403, type: 'authorization_error' },
  NOT_FOUND: { status: 404, type: 'client_error' },
  VALIDATION_ERROR: { status: 422, type: 'validation_error' },
  INVALID_PROVIDER_SLUG: { status: 422, type: 'validation_error' },
  UNKNOWN_MODEL: { status: 422, type: 'validation_error' },
  ANSWER_TOO_LARGE: { status: 422, type: 'client_error' },
  MODEL_NOT_ALLOWED: { status: 422, type: 'client_error' },
  DEFAULT_MODEL_DISABLED: { status: 422, type: 'client_error' },
  DEFAULT_CONFIG: { status: 409, type: 'client_error' },
  INVALID_PROVIDER_KEY: { status: 422, type: 'client_error' },
  PROVIDER_KEY_IN_USE: { status: 409, type: 'client_error' },
  EXCEPTION_STATE: { status: 409, type: 'client_error' },
  EXTERNAL_TEAM: { status: 409, type: 'client_error' },
  REVISION_CONFLICT: { status: 409, type: 'client_error' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, type: 'client_error' },
  IDEMPOTENCY_IN_PROGRESS: { status: 409, type: 'client_error' },
  RATE_LIMITED: { status: 429, type: 'rate_limit_error' },
  SERVICE_UNAVAILABLE: { status: 503, type: 'server_error' },
  INTERNAL_SERVER_ERROR: { status: 500, type: 'server_error' },
} as const;

export type ErrorCode = keyof typeof errorCodes;

const passing: ReadonlySet<ErrorCode> = new Set([
  'IDEMPOTENCY_IN_PROGRESS',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
]);

/** Whether a retry of the same request may succeed, though nothing else has changed. */
export function isRetryable(code: ErrorCode): boolean {
  return passing.has(code);
}

/** An error that a client may see; every other error is masked. `details` must contain nothing secret. */
export abstract class UserError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
    this.name = new.target.name;
  }

  /** The HTTP status of its code. */
  get status(): number {
    return errorCodes[this.code].status;
  }

  /** Sent in `extensions.details` where the error is a top-level GraphQL error. */
  get details(): Record<string, unknown> {
    return {};
  }
}

/** The check that a token, an API key or a gateway's signature failed. */
export type CredentialFault =
  | 'NO_BEARER_TOKEN'
  | 'TOKEN_TOO_LONG'
  | 'TOKEN_MALFORMED'
  | 'TOKEN_ALGORITHM'
  | 'TOKEN_KEY_UNKNOWN'
  | 'TOKEN_SIGNATURE'
  | 'TOKEN_ISSUER'
  | 'TOKEN_AUDIENCE'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_NOT_YET_VALID'
  | 'TOKEN_CLAIMS'
  | 'TOKEN_SUBJECT'
  | 'TOKEN_ORGANIZATION'
  | 'TOKEN_PARTY'
  | 'TOKEN_IMPERSONATION'
  | 'API_KEY_MALFORMED'
  | 'API_KEY_UNKNOWN'
  | 'API_KEY_REVOKED'
  | 'API_KEY_EXPIRED'
  | 'PLATFORM_KEY_MALFORMED'
  | 'PLATFORM_KEY_UNKNOWN'
  | 'PLATFORM_KEY_REVOKED'
  | 'PLATFORM_KEY_EXPIRED'
  | 'SCIM_TOKEN'
  | 'GATEWAY_SIGNATURE_MISSING'
  | 'GATEWAY_SIGNATURE_WRONG';

/** A claim of a token whose signature was valid, and the value that was expected. */
export interface Mismatch {
  said: string;
  expected: string;
}

/** What is said to a caller without credentials. */
export const noCredentials = 'User authentication required';

/** Authentication is required, or the credentials are invalid: `reason` says why, for the log alone. */
export class UnauthenticatedError extends UserError {
  readonly reason: CredentialFault | undefined;
  readonly mismatch: Mismatch | undefined;

  constructor(message = noCredentials, reason?: CredentialFault, mismatch?: Mismatch) {
    super('AUTHENTICATION_REQUIRED', message);
    this.reason = reason;
    this.mismatch = mismatch;
  }
}

/** The caller is not authorized; the denial is the same for a foreign organization and an absent one. */
export class ForbiddenError extends UserError {
  readonly organizationId: string | null;

  constructor(
    code: 'INSUFFICIENT_PERMISSIONS' | 'ORGANIZATION_ACCESS_DENIED',
    message: string,
    organizationId: string | null = null,
  ) {
    super(code, message);
    this.organizationId = organizationId;
  }

  override get details() {
    return this.organizationId === null ? {} : { organizationId: this.organizationId };
  }
}

/** There is no such object, or it is not visible to the caller: the error is the same. */
export class NotFoundError extends UserError {
  constructor(message = 'No such object') {
    super('NOT_FOUND', message);
  }
}

/** One fault of an input; `path` is dotted. Where the input is a document, it also has its line and column, from 1. */
export interface ValidationIssue {
  path: string;
  message: string;
  line?: number;
  column?: number;
}

/** The maximum number of faults of one input that are reported, to bound time and the size of the answer. */
export const maxIssues = 10;

/** Truncates a text of a request that an error message quotes. */
export function excerpt(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

/** The input is not well-formed; nothing was changed. */
export class ValidationError extends UserError {
  readonly issues: readonly ValidationIssue[];

  constructor(faults: readonly ValidationIssue[]) {
    const issues = faults.slice(0, maxIssues).map((fault) => ({ ...fault, path: excerpt(fault.path) }));
    super('VALIDATION_ERROR', issues.map(inWords).join('; '));
    this.issues = issues;
  }

  override get details() {
    return { issues: this.issues };
  }
}

function inWords({ path, message, line }: ValidationIssue): string {
  const place = [line === undefined ? '' : `line ${line}`, path].filter(Boolean).join(': ');
  return place ? `${place}: ${message}` : message;
}

/** The operation's cost is above the limit; it was not executed. */
export class CostExceededError extends UserError {
  readonly cost: number;
  readonly max: number;

  constructor(cost: number, max: number) {
    super('VALIDATION_ERROR', `Complexity limit of ${max} exceeded, found ${cost}.`);
    this.cost = cost;
    this.max = max;
  }

  override get details() {
    return { cost: this.cost, max: this.max };
  }
}

/** The answer would be above the size limit; it was not sent. What a mutation has committed stays committed. */
export class AnswerTooLargeError extends UserError {
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super('ANSWER_TOO_LARGE', `The answer would be longer than ${maxBytes} bytes; ask for less, or for shorter pages`);
    this.maxBytes = maxBytes;
  }

  override get details() {
    return { maxBytes: this.maxBytes };
  }
}

/** The organization is not at the expected revision; nothing was changed. */
export class RevisionConflictError extends UserError {
  readonly expectedRevision: number;
  readonly currentRevision: number;

  constructor(expectedRevision: number, currentRevision: number) {
    super(
      'REVISION_CONFLICT',
      `Revision ${expectedRevision} was expected, but the organization is at revision ${currentRevision}`,
    );
    this.expectedRevision = expectedRevision;
    this.currentRevision = currentRevision;
  }

  override get details() {
    return { expectedRevision: this.expectedRevision, currentRevision: this.currentRevision };
  }
}

/** A request with this `Idempotency-Key` is in progress. It may be retried in a moment. */
export class IdempotencyInProgressError extends UserError {
  constructor() {
    super('IDEMPOTENCY_IN_PROGRESS', 'A request with this Idempotency-Key is being carried out');
  }
}

/** The `Idempotency-Key` was used: for another request (422), or for one whose answer can no longer be replayed (409). */
export class IdempotencyKeyReusedError extends UserError {
  readonly #status: 409 | 422;

  constructor(message: string, status: 409 | 422) {
    super('IDEMPOTENCY_KEY_REUSED', message);
    this.#status = status;
  }

  override get status(): number {
    return this.#status;
  }
}

/** A rate limit is exhausted. It may be retried after so many seconds. */
export class RateLimitedError extends UserError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, message = 'Too many points were spent') {
    super('RATE_LIMITED', `${message}; try again in ${retryAfterSeconds} s`);
    this.retryAfterSeconds = retryAfterSeconds;
  }

  override get details() {
    return { retryAfterSeconds: this.retryAfterSeconds };
  }
}

/** The service cannot answer now. The same request may be retried. */
export class ServiceUnavailableError extends UserError {
  constructor(cause?: unknown, message = 'The service cannot answer right now; try again shortly') {
    super('SERVICE_UNAVAILABLE', message);
    this.cause = cause;
  }
}

/** The operation exceeded its time limit; it was cancelled, with its statements. */
export class DeadlineExceededError extends ServiceUnavailableError {
  constructor(limitMs: number) {
    super(undefined, `The operation took longer than ${limitMs / 1000} s and was given up`);
  }
}
