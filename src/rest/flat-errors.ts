import { z } from '@hono/zod-openapi';
import type { ErrorCode } from '../errors/base.ts';
import { faultsOfRefusal } from './faults.ts';
import { HttpError } from './http-error.ts';
import type { System } from './route.ts';

const FlatError = z
  .object({
    error: z.string().openapi({ description: 'For people.', example: 'Validation error' }),
    details: z
      .array(
        z.object({
          message: z.string(),
          code: z.string().optional().openapi({ example: 'MISSING_REQUIRED_FIELD' }),
          path: z.string().optional().openapi({ description: 'A dotted path.', example: 'settings.temperature' }),
          suggestion: z.string().optional(),
        }),
      )
      .optional(),
  })
  .openapi('FlatError');

const meanings = {
  400: 'The request is not well-formed, asks for what cannot be, or does not say which organization it means.',
  404: 'There is no such object, or none that the caller may see.',
  409: 'The request with this `Idempotency-Key` is being carried out.',
  422: 'The `Idempotency-Key` is malformed, or stands for another request.',
};

/** What the id of a path names, in this system's words: what is said of an id that nothing can have, and of one that nothing has. */
const kinds = {
  'model-configs': { prefix: 'cfg', malformed: 'Invalid config ID', absent: 'Model configuration not found' },
  'provider-keys': { prefix: 'key', malformed: 'Invalid provider key ID', absent: 'Provider key not found' },
};

/** The system of model configurations, in which what cannot be carried out is 400, whatever the graph calls it. */
function flat(kind: keyof typeof kinds): System {
  const { prefix, malformed, absent } = kinds[kind];
  return {
    parameters: {
      id: z.string().openapi({ example: `${prefix}_…` }),
      provider: z.string().openapi({ example: 'openai' }),
    },
    error: FlatError,
    meanings,
    statusesOf: ({ hasId, isChange, hasBody }) => [
      ...[400, 403],
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

export const modelConfigs = flat('model-configs');
export const providerKeys = flat('provider-keys');

/** What of a body a code speaks of, where the graph names no path. */
const paths: Partial<Record<ErrorCode, string>> = {
  INVALID_PROVIDER_SLUG: 'provider',
  MODEL_NOT_ALLOWED: 'modelId',
  INVALID_PROVIDER_KEY: 'providerKeyId',
};

/** The error of the model configurations' system: a sentence, and the faults. */
export function toFlatResponse(refusal: HttpError): Response {
  const { message, code, status, headers } = refusal;
  const faults = faultsOfRefusal(refusal);
  const body: z.output<typeof FlatError> = {
    error: faults.length > 0 ? 'Validation error' : message,
    details:
      faults.length > 0
        ? faults.map((fault) => ({ message: fault.message, code: fault.code ?? code, path: fault.path }))
        : [{ message, code, path: paths[code], suggestion: suggestionOf(refusal) }],
  };
  return Response.json(body, { status, headers });
}

function suggestionOf({ details: { validProviders } }: HttpError): string | undefined {
  return Array.isArray(validProviders) ? `One of ${validProviders.join(', ')}` : undefined;
}
