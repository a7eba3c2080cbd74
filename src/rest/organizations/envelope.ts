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

/** The system of organizations, in which `If-Match` fails as HTTP says. */
export const organizations: System = {
  error: ErrorEnvelope,
  meanings: {
    400: 'The body is no JSON.',
    409: 'The request is already being carried out.',
    412: 'The organization has moved on: `If-Match` does not hold.',
    422: 'The body is not well-formed, or asks for what cannot be.',
  },
  parameters: { organization_id: OrganizationId },
  statusesOf: ({ isChange, hasQuery }) => (isChange ? [400, 403, 409, 412, 413, 415, 422] : [hasQuery ? 422 : 403]),
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
