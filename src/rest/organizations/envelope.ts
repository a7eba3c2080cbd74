import { z } from '@hono/zod-openapi';
import { errorCodes, noCredentials } from '../../errors/base.ts';
import { HttpError } from '../http-error.ts';
import { example, wrongIdempotencyKeys } from '../refusals.ts';
import type { System } from '../route.ts';
import { idInPath } from '../schemas.ts';
import { made } from '../view.ts';

const ErrorEnvelope = z
  .object({
    success: z.literal(false).describe('Always false.'),
    error: z
      .object({
        code: z.string().openapi({
          description: `What went wrong, for programs. New codes may be added. Today: ${Object.keys(errorCodes)
            .map((code) => `\`${code}\``)
            .join(', ')}.`,
          example: 'INSUFFICIENT_PERMISSIONS',
        }),
        message: z.string().openapi({
          description: 'What went wrong, for people.',
          example: 'You must be an Admin or Owner to perform this action',
        }),
        system_message: z
          .string()
          .openapi({ description: 'What went wrong, for logs.', example: 'Insufficient permissions' }),
        type: z
          .enum(['client_error', 'server_error', 'validation_error', 'rate_limit_error'])
          .describe('The class of the error.'),
        status: z.int().openapi({ description: 'The HTTP status of the answer.', example: 403 }),
        details: z
          .record(z.string(), z.unknown())
          .describe(
            'What programs need beside the code, such as `issues` (each a `path` and a `message`) or `valid_providers`.',
          ),
        trace_id: z
          .string()
          .describe(
            'The id of the request in the log of the service: that of its `traceparent`, else its `X-Request-Id`, else a new one.',
          ),
        timestamp: z.string().openapi({
          description: 'When, in UTC, to the second.',
          format: 'date-time',
          example: '2026-03-01T10:30:00Z',
        }),
      })
      .describe('The error.'),
  })
  .openapi('ErrorEnvelope', { description: 'Why a request for organizations was refused.' });

const organizationIdSaid = { description: 'The id of the organization.', example: 'org_abc123def456' };
export const OrganizationId = z.string().openapi(organizationIdSaid);

/** The system of organizations, in which `If-Match` fails as HTTP says. */
export const organizations: System = {
  name: 'Organizations',
  tag: 'Organizations',
  description:
    'Which models an organization allows, and its default. Names are written in snake_case in answers, and in camelCase in bodies of requests, as in the system that these routes come from.',
  error: ['ErrorEnvelope', ErrorEnvelope],
  show: (refusal) =>
    envelope(refusal, { traceId: '5f0c2a53-8f1e-4c0e-9d7c-2f6f5d0f6b1e', timestamp: '2026-03-01T10:30:00Z' }),
  refusals: {
    400: {
      description: 'The body is no JSON, or an id is too long.',
      examples: { noJson: example(400, 'VALIDATION_ERROR', 'The body is not valid JSON') },
    },
    412: {
      description:
        'Somebody else has changed the organization: `If-Match` or `If-None-Match` does not hold. Nothing was changed.',
      examples: {
        conflict: example(
          412,
          'REVISION_CONFLICT',
          'Revision 41 was expected, but the organization is at revision 42',
          { expectedRevision: 41, currentRevision: 42 },
        ),
      },
    },
    422: {
      description: 'The request is not well-formed, or asks for what cannot be. Nothing was changed.',
      examples: {
        unknownProvider: example(422, 'INVALID_PROVIDER_SLUG', 'Invalid provider slugs: example', {
          invalidProviders: ['example'],
          validProviders: ['aitronos', 'anthropic', 'cohere', 'google', 'mistral', 'openai'],
        }),
        unknownModel: example(422, 'UNKNOWN_MODEL', 'The catalog has no model "example"', { modelKey: 'example' }),
        defaultModelDisabled: example(
          422,
          'DEFAULT_MODEL_DISABLED',
          'The default model "gpt-4o" would not be allowed (PROVIDER_DISABLED); set another default, or null, in the same change',
          { modelKey: 'gpt-4o', reasons: ['PROVIDER_DISABLED'] },
        ),
        validation: example(422, 'VALIDATION_ERROR', 'nonsense: there is no such field', {
          issues: [{ path: 'nonsense', message: 'there is no such field', code: 'UNKNOWN_FIELD' }],
        }),
        answerTooLarge: example(
          422,
          'ANSWER_TOO_LARGE',
          'The answer would be longer than 10000000 bytes; ask for less, or for shorter pages',
          { maxBytes: 10_000_000 },
        ),
        ...wrongIdempotencyKeys,
      },
    },
  },
  parameters: { organization_id: idInPath.openapi(organizationIdSaid) },
  statusesOf: ({ isChange, isConditional }) =>
    isChange ? [400, 409, ...(isConditional ? [412] : []), 413, 415, 422] : [400, 422],
  adapt: (refusal) =>
    refusal.code === 'REVISION_CONFLICT'
      ? new HttpError(refusal.code, refusal.message, { ...refusal, status: 412 })
      : refusal,
};

/** What this system says for logs of a code, or of a message, where that is not the message itself. */
const systemMessages = new Map<string, string>([
  [noCredentials, 'Authentication required'],
  ['INSUFFICIENT_PERMISSIONS', 'Insufficient permissions'],
]);

/** The error envelope of the organizations' system: all eight inner fields, always. */
export function toEnvelopeResponse(refusal: HttpError, traceId: string): Response {
  const { status, headers } = refusal;
  return Response.json(envelope(refusal, { traceId, timestamp: toSeconds(new Date()) }), { status, headers });
}

function envelope(
  refusal: HttpError,
  { traceId, timestamp }: { traceId: string; timestamp: string },
): z.output<typeof ErrorEnvelope> {
  const { code, status, message, details } = refusal;
  return {
    success: false,
    error: {
      code,
      message,
      system_message: systemMessages.get(message) ?? systemMessages.get(code) ?? message,
      type: typeOf(refusal),
      status,
      details: snakeCased(details),
      trace_id: traceId,
      timestamp,
    },
  };
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
