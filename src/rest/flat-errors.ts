import { z } from '@hono/zod-openapi';
import { type ErrorCode, errorCodes } from '../errors/base.ts';
import { faultsOfRefusal } from './faults.ts';
import { HttpError } from './http-error.ts';
import { example, wrongIdempotencyKeys } from './refusals.ts';
import type { System } from './route.ts';
import { idInPath } from './schemas.ts';

const codes = [...Object.keys(errorCodes), 'MISSING_REQUIRED_FIELD', 'UNKNOWN_FIELD', 'INVALID_ENUM', 'INVALID_VALUE'];

const FlatError = z
  .object({
    error: z.string().openapi({ description: 'What went wrong, for people.', example: 'Validation error' }),
    details: z
      .array(
        z.object({
          message: z.string().openapi({ description: 'One fault, for people.', example: 'must be from 0 to 2' }),
          code: z
            .string()
            .optional()
            .openapi({
              description: `What went wrong, for programs. New codes may be added. Today: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
              example: 'VALIDATION_ERROR',
            }),
          path: z
            .string()
            .optional()
            .openapi({ description: 'Where in the request, as a dotted path.', example: 'settings.temperature' }),
          suggestion: z.string().optional().openapi({
            description: 'What would be right.',
            example: 'One of aitronos, anthropic, cohere, google, mistral, openai',
          }),
        }),
      )
      .optional()
      .openapi({ description: 'Every fault that was found; at least one.' }),
  })
  .openapi('FlatError', { description: 'Why a request for model configurations or provider keys was refused.' });

/** What the id of a path names, in this system's words: what is said of an id that nothing can have, and of one that nothing has. */
const kinds = {
  'model-configs': { prefix: 'cfg', malformed: 'Invalid config ID', absent: 'Model configuration not found' },
  'provider-keys': { prefix: 'key', malformed: 'Invalid provider key ID', absent: 'Provider key not found' },
};

/** The system of model configurations, in which what cannot be carried out is 400, whatever the graph calls it. */
function flat(
  kind: keyof typeof kinds,
  { name, tag, description }: Pick<System, 'name' | 'tag' | 'description'>,
): System {
  const { prefix, malformed, absent } = kinds[kind];
  return {
    name,
    tag,
    description,
    parameters: {
      id: idInPath.openapi({
        description: `The \`id\` of one, as \`GET /v1/${kind}\` lists it. The example is a placeholder that names nothing.`,
        example: `${prefix}_00000000000000000000000000`,
      }),
      provider: idInPath.openapi({
        description: "A provider's slug. The list is empty for one that is not known.",
        example: 'openai',
      }),
    },
    error: ['FlatError', FlatError],
    show: flatBody,
    refusals: {
      400: {
        description:
          'The request is not well-formed, asks for what cannot be, or does not say which organization it means.',
        examples: {
          ...badRequests,
          malformedId: example(400, 'VALIDATION_ERROR', malformed),
        },
      },
      404: {
        description: 'There is no such object, or none that the caller may see.',
        examples: { absent: example(404, 'NOT_FOUND', absent) },
      },
      422: {
        description:
          'The `Idempotency-Key` is malformed, or stands for another request. What is wrong with a body is 400.',
        examples: wrongIdempotencyKeys,
      },
    },
    statusesOf: ({ hasId, isChange, hasBody }) => [
      400,
      ...(hasId ? [404] : []),
      ...(isChange ? [409, 422] : []),
      ...(hasBody ? [413, 415] : []),
    ],
    adapt: (refusal, id) => {
      if (refusal.code === 'NOT_FOUND' && id !== '') {
        const isPossible = id.startsWith(`${prefix}_`) && /^[\w-]+$/.test(id.slice(prefix.length + 1));
        if (isPossible) return new HttpError('NOT_FOUND', absent);
        return new HttpError('VALIDATION_ERROR', malformed, { status: 400 });
      }
      const isNoFit = refusal.status === 409 || refusal.status === 422;
      return isNoFit ? new HttpError(refusal.code, refusal.message, { ...refusal, status: 400 }) : refusal;
    },
  };
}

const badRequests = {
  validation: example(400, 'VALIDATION_ERROR', 'settings.temperature: must be from 0 to 2', {
    issues: [{ path: 'settings.temperature', message: 'must be from 0 to 2' }],
  }),
  unknownProvider: example(400, 'INVALID_PROVIDER_SLUG', 'Invalid provider slugs: example', {
    invalidProviders: ['example'],
    validProviders: ['aitronos', 'anthropic', 'cohere', 'google', 'mistral', 'openai'],
  }),
  notAllowed: example(400, 'MODEL_NOT_ALLOWED', 'The model "openai/gpt-4o" is not allowed (PROVIDER_DISABLED)'),
  defaultConfig: example(
    400,
    'DEFAULT_CONFIG',
    'The default cannot be disabled; make another configuration the default first',
  ),
  providerKey: example(
    400,
    'INVALID_PROVIDER_KEY',
    'There is no active provider key with this id for this organization and provider',
  ),
  whichOrganization: example(
    400,
    'VALIDATION_ERROR',
    'You are in several organizations; say which organization: X-Organization-Id',
  ),
};

export const modelConfigs = flat('model-configs', {
  name: 'ModelConfigs',
  tag: 'Model configurations',
  description:
    "Models with settings: a user's own configurations, those that an organization shares, and the models that can be configured. All names are camelCase.",
});
export const providerKeys = flat('provider-keys', {
  name: 'ProviderKeys',
  tag: 'Provider keys',
  description: "An organization's own keys at providers of models. A key is sealed when it comes, and never answered.",
});

/** What of a body a code speaks of, where the graph names no path. */
const paths: Partial<Record<ErrorCode, string>> = {
  INVALID_PROVIDER_SLUG: 'provider',
  MODEL_NOT_ALLOWED: 'modelId',
  INVALID_PROVIDER_KEY: 'providerKeyId',
};

/** The error of the model configurations' system: a sentence, and the faults. */
export function toFlatResponse(refusal: HttpError): Response {
  const { status, headers } = refusal;
  return Response.json(flatBody(refusal), { status, headers });
}

function flatBody(refusal: HttpError): z.output<typeof FlatError> {
  const { message, code } = refusal;
  const faults = faultsOfRefusal(refusal);
  return {
    error: faults.length > 0 ? 'Validation error' : message,
    details:
      faults.length > 0
        ? faults.map((fault) => ({ message: fault.message, code: fault.code ?? code, path: fault.path }))
        : [{ message, code, path: paths[code], suggestion: suggestionOf(refusal) }],
  };
}

function suggestionOf({ details: { validProviders } }: HttpError): string | undefined {
  return Array.isArray(validProviders) ? `One of ${validProviders.join(', ')}` : undefined;
}
