import type { GraphQLError } from 'graphql';
import { RateLimitedError } from '../errors/base.ts';
import { ScimError } from '../errors/scim.ts';

export const mediaType = 'application/scim+json';

const message = 'urn:ietf:params:scim:api:messages:2.0';

/** An answer in the form of SCIM. Nothing of it is stored on the way: it holds personal data. */
export function answer(
  body: object,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': mediaType, 'cache-control': 'no-store', ...headers },
  });
}

/** A page of resources. */
export function listOf(
  resources: readonly object[],
  { total, startIndex }: { total: number; startIndex: number },
): Response {
  return answer({
    schemas: [`${message}:ListResponse`],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  });
}

/** The answer to a request that is refused; `error` is one that a client may see. */
export function refusalOf({ message: detail, originalError, extensions }: GraphQLError): Response {
  const { code, http } = extensions as { code?: string; http?: { status?: number } };
  const isInvalid = code === 'VALIDATION_ERROR' && !http?.status;
  const { scimType = undefined, status = undefined } = originalError instanceof ScimError ? originalError : {};
  const answered = status ?? (isInvalid ? 400 : Number(extensions.status));
  return answer(
    {
      schemas: [`${message}:Error`],
      status: String(answered),
      scimType: scimType ?? (isInvalid && status === undefined ? 'invalidValue' : undefined),
      detail,
    },
    {
      status: answered,
      headers:
        originalError instanceof RateLimitedError ? { 'retry-after': String(originalError.retryAfterSeconds) } : {},
    },
  );
}
