import { z } from '@hono/zod-openapi';
import type { ErrorCode } from '../../errors/base.ts';
import { HttpError } from '../http-error.ts';
import type { System } from '../route.ts';
import { made } from '../view.ts';
import type { RestContext } from '../wire.ts';

const ErrorEnvelope = z
  .object({
    success: z.literal(false),
    error: z.object({
      code: z.string().openapi({ example: 'INSUFFICIENT_PERMISSIONS' }),
      message: z.string().openapi({ description: 'For people.' }),
      system_message: z.string().openapi({ description: 'For logs.' }),
      type: z.enum(['client_error', 'server_error', 'validation_error', 'rate_limit_error']),
      status: z.int().openapi({ description: 'The HTTP status.' }),
      details: z.record(z.string(), z.unknown()),
      trace_id: z.string().openapi({ description: 'The answer’s `x-request-id`.' }),
      timestamp: z
        .string()
        .openapi({ description: 'ISO 8601 in UTC, to the second.', example: '2026-03-01T10:30:00Z' }),
    }),
  })
  .openapi('Error');

export const OrganizationId = z.string().openapi({ example: 'org_abc123def456' });

const descriptions = {
  400: 'The body is no JSON.',
  401: 'Nobody is signed in.',
  403: 'The caller is no member of the organization, or may not do this in it.',
  409: 'The request is already being carried out.',
  412: 'The organization has moved on: `If-Match` does not hold.',
  413: 'The body is too large.',
  415: 'The body is not `application/json`.',
  422: 'The body is not well-formed, or asks for what cannot be.',
  429: 'The caller has spent its points; `Retry-After` says when there are new ones.',
  500: 'A fault of the service.',
  503: 'The service cannot answer right now.',
} as const;

/** The system of organizations, in which `If-Match` fails as HTTP says. */
export const organizations: System = {
  parameters: { organization_id: OrganizationId },
  refusals: ({ isChange, hasQuery }) => {
    const own = isChange ? ([400, 403, 409, 412, 413, 415, 422] as const) : ([hasQuery ? 422 : 403] as const);
    const content = { 'application/json': { schema: ErrorEnvelope } };
    const statuses = [...own, 401, 429, 500, 503] as const;
    return Object.fromEntries(statuses.map((status) => [status, { description: descriptions[status], content }]));
  },
  adapt: (refusal) =>
    refusal.code === 'REVISION_CONFLICT'
      ? new HttpError(refusal.code, refusal.message, { ...refusal, status: 412 })
      : refusal,
};

/** What this system says of a code, where that is not the message of the graph. */
const texts: Partial<Record<ErrorCode, { message: string; systemMessage?: string }>> = {
  AUTHENTICATION_REQUIRED: { message: 'User authentication required' },
  INSUFFICIENT_PERMISSIONS: {
    message: 'You must be an Admin or Owner to perform this action',
    systemMessage: 'Insufficient permissions',
  },
};
const unauthenticated = 'User authentication required';

/** The error envelope of the organizations' system: all eight inner fields, always. */
export function toEnvelopeResponse(refusal: HttpError, context: RestContext): Response {
  const { code, status, message, details, headers } = refusal;
  const { message: text = message, systemMessage = message } = texts[code] ?? {};
  const body = {
    success: false,
    error: {
      code,
      message: text,
      system_message: systemMessage === unauthenticated ? 'Authentication required' : systemMessage,
      type: typeOf(refusal),
      status,
      details: snakeCased(details),
      trace_id: context.env.options.traceIdOf(context.req.raw),
      timestamp: toSeconds(new Date()),
    },
  };
  return Response.json(body, { status, headers });
}

function typeOf({ code, status }: HttpError) {
  if (status >= 500) return 'server_error';
  if (code === 'RATE_LIMITED') return 'rate_limit_error';
  return code === 'VALIDATION_ERROR' ? 'validation_error' : 'client_error';
}

export const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function snakeCased(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [snakeCase(name), value]));
}

/** A field that is a moment, or null. */
export function seconds(path: string, schema: z.ZodType) {
  return made(schema, [path], ({ [path]: time }) => time && toSeconds(time));
}

/** A moment as this system writes it: to the second. */
function toSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
