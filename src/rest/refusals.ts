import { type ErrorCode, noCredentials } from '../errors/base.ts';
import { HttpError } from './http-error.ts';

/** What one status of a system means, with an example of each way that it comes about. */
export interface Refusal {
  description: string;
  examples: Record<string, HttpError>;
}

/** The statuses of a system, each under its code. */
export type Refusals = Record<number, Refusal>;

const organizationId = 'org_abc123def456';

/** An example of a refusal. */
export function example(
  status: number,
  code: ErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): HttpError {
  return new HttpError(code, message, { status, details });
}

const inProgress = example(409, 'IDEMPOTENCY_IN_PROGRESS', 'A request with this Idempotency-Key is being carried out');
const forgotten = example(
  409,
  'IDEMPOTENCY_KEY_REUSED',
  'This request was carried out, but its answer can no longer be told',
);

/** A key that stands for another request, and one that is none. */
export const wrongIdempotencyKeys = {
  anotherRequest: example(422, 'IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was sent with another request'),
  malformedIdempotencyKey: example(
    422,
    'VALIDATION_ERROR',
    'Idempotency-Key: must be 1 to 255 visible ASCII characters',
    {
      issues: [{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
    },
  ),
};

/** The refusals that mean the same in all systems. */
export const commonRefusals: Refusals = {
  401: {
    description: 'Nobody is signed in: the request has no token and no API key, or one that does not hold.',
    examples: {
      noToken: example(401, 'AUTHENTICATION_REQUIRED', noCredentials),
      revokedKey: example(401, 'AUTHENTICATION_REQUIRED', 'Your API key has been deactivated'),
    },
  },
  403: {
    description:
      'The caller is no member of the organization, or may not do this in it. An organization that does not exist is answered alike.',
    examples: {
      noMember: example(403, 'ORGANIZATION_ACCESS_DENIED', "You don't have access to this organization", {
        organizationId,
      }),
      notAllowed: example(403, 'INSUFFICIENT_PERMISSIONS', 'You must be an Admin or Owner to perform this action', {
        organizationId,
      }),
      lacksScope: example(403, 'INSUFFICIENT_PERMISSIONS', 'This API key lacks the scope USAGE_WRITE', {
        organizationId,
      }),
    },
  },
  409: {
    description: 'The request with this `Idempotency-Key` is being carried out, or its answer is no longer known.',
    examples: { inProgress, forgotten },
  },
  413: {
    description: 'The body is too large: `MAX_BODY_BYTES` of the service, 1 MB unless it is configured otherwise.',
    examples: { tooLarge: example(413, 'VALIDATION_ERROR', 'The request body is longer than 1000000 bytes') },
  },
  415: {
    description: 'The body is not `application/json`.',
    examples: { noJson: example(415, 'VALIDATION_ERROR', 'The body must be application/json') },
  },
  429: {
    description: 'The caller, or its address, has spent its points. `Retry-After` says when there are new ones.',
    examples: {
      spent: example(429, 'RATE_LIMITED', 'Too many points were spent; try again in 17 s', { retryAfterSeconds: 17 }),
    },
  },
  500: {
    description: 'A fault of the service. Its log says more, under the id of the request.',
    examples: { fault: example(500, 'INTERNAL_SERVER_ERROR', 'Unexpected error.') },
  },
  503: {
    description: 'The service cannot answer right now, or not in time. The same request may be sent again.',
    examples: {
      unavailable: example(503, 'SERVICE_UNAVAILABLE', 'The service cannot answer right now; try again shortly'),
    },
  },
};
