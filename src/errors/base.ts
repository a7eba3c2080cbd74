/** Every code a client can meet, with the HTTP status and the class of error that go with it. The only list of codes. */
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

/** Whether the same request may be answered otherwise a moment later, though nothing else has changed. */
export function isRetryable(code: ErrorCode): boolean {
  return passing.has(code);
}

/** An error that a caller may see and can act on; everything else is masked. `details` must hold nothing secret. */
export abstract class UserError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
    this.name = new.target.name;
  }

  /** The HTTP status that goes with it. */
  get status(): number {
    return errorCodes[this.code].status;
  }

  /** What the top-level form of the error carries in `extensions.details`. */
  get details(): Record<string, unknown> {
    return {};
  }
}

/** Which check a token, an API key or a gateway's signature did not pass. */
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
  | 'API_KEY_MALFORMED'
  | 'API_KEY_UNKNOWN'
  | 'API_KEY_REVOKED'
  | 'API_KEY_EXPIRED'
  | 'GATEWAY_SIGNATURE_MISSING'
  | 'GATEWAY_SIGNATURE_WRONG';

/** What a token with a good signature says of itself, and what it would have to say. */
export interface Mismatch {
  said: string;
  expected: string;
}

/** Nobody is signed in, or what was sent to sign in does not hold: `reason` says why, for the log alone. */
export class UnauthenticatedError extends UserError {
  readonly reason: CredentialFault | undefined;
  readonly mismatch: Mismatch | undefined;

  constructor(message = 'User authentication required', reason?: CredentialFault, mismatch?: Mismatch) {
    super('AUTHENTICATION_REQUIRED', message);
    this.reason = reason;
    this.mismatch = mismatch;
  }
}

/** The caller is known, but may not do this; a foreign organization and an absent one are refused alike. */
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

/** There is no such object, or none that the caller may see: the two are not told apart. */
export class NotFoundError extends UserError {
  constructor(message = 'No such object') {
    super('NOT_FOUND', message);
  }
}

/** One fault of an input: where it is, as a dotted path, and what is wrong. */
export interface ValidationIssue {
  path: string;
  message: string;
}

/** Faults of one input that are told: each costs time, and room in the answer. */
export const maxIssues = 10;

/** A text of a request as an error repeats it: not longer than any that fits. */
export function excerpt(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

/** The input is not well-formed; nothing was changed. */
export class ValidationError extends UserError {
  readonly issues: readonly ValidationIssue[];

  constructor(faults: readonly ValidationIssue[]) {
    const issues = faults.slice(0, maxIssues).map(({ path, message }) => ({ path: excerpt(path), message }));
    super('VALIDATION_ERROR', issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; '));
    this.issues = issues;
  }

  override get details() {
    return { issues: this.issues };
  }
}

/** An operation would cost more points than one may; nothing of it was executed. */
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

/** The answer would be longer than one may be; it was not written. What a mutation has changed stays changed. */
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

/** The organization has moved on since the caller read it; nothing was changed. */
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

/** The request with this `Idempotency-Key` is being carried out: the same one may be sent again in a moment. */
export class IdempotencyInProgressError extends UserError {
  constructor() {
    super('IDEMPOTENCY_IN_PROGRESS', 'A request with this Idempotency-Key is being carried out');
  }
}

/** The `Idempotency-Key` is spent: it stands for another request (422), or for one whose answer can be told no more (409). */
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

/** Too much was asked for in a while; ask again after so many seconds. */
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

/** The service cannot answer now; the same request may be sent again. */
export class ServiceUnavailableError extends UserError {
  constructor(cause?: unknown, message = 'The service cannot answer right now; try again shortly') {
    super('SERVICE_UNAVAILABLE', message);
    this.cause = cause;
  }
}

/** An operation was given up, with what it did on the database: it took longer than it may. */
export class DeadlineExceededError extends ServiceUnavailableError {
  constructor(limitMs: number) {
    super(undefined, `The operation took longer than ${limitMs / 1000} s and was given up`);
  }
}
