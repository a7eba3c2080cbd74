import { createHmac, timingSafeEqual } from 'node:crypto';
import type { GraphQLParams } from 'graphql-yoga';
import { UnauthenticatedError } from '../../errors/base.ts';

type Payload = Record<string, unknown>;

/** What is believed of a call where the gateway of a supergraph may have signed it. Without a secret no call is signed. */
export function createGatewayChecks(secret: string | undefined, acceptsTokens: boolean) {
  return {
    isGateway: (params: GraphQLParams) => secret !== undefined && isSigned(params, secret),
    /** As `forwardedPayload`, where the tokens that a gateway has verified are accepted. */
    forwardedPayload: (params: GraphQLParams) =>
      secret !== undefined && acceptsTokens ? forwardedPayload(params, secret) : undefined,
  };
}

/**
 * Whether a gateway that knows the secret signed this call, as Hive Gateway does: `extensions["hmac-signature"]` is the
 * HMAC-SHA256, in base64, of the query and its variables, and of what it forwards of a token where that is signed too.
 */
export function isSigned(params: GraphQLParams, secret: string): boolean {
  const text = textOf(params);
  return isSignatureOf(text, params, secret) || isSignatureOf(withForwarded(text, params), params, secret);
}

/**
 * The payload of a token that a gateway has verified and forwarded, as `extensions.jwt.payload`; undefined where there is none. It
 * must be signed with the call: a gateway's ordinary signature does not cover `extensions`, so whoever saw one such call could
 * send it again with a payload of anybody.
 *
 * @throws UnauthenticatedError for a payload that is not signed
 */
function forwardedPayload(params: GraphQLParams, secret: string): Payload | undefined {
  const { jwt, 'hmac-signature': signature }: Payload = params.extensions ?? {};
  const payload: unknown = isObject(jwt) ? jwt.payload : undefined;
  if (payload === undefined || payload === null) return undefined;

  if (isObject(payload) && isSignatureOf(withForwarded(textOf(params), params), params, secret)) return payload;
  throw new UnauthenticatedError(
    'The token that the gateway forwards must be signed with the call',
    signature ? 'GATEWAY_SIGNATURE_WRONG' : 'GATEWAY_SIGNATURE_MISSING',
  );
}

/** What a gateway signs: the query and its variables, without these where there are none. */
function textOf({ query, variables }: GraphQLParams): string {
  const hasVariables = variables && Object.keys(variables).length > 0;
  return stableJson({ query, ...(hasVariables ? { variables } : {}) });
}

/** No JSON without spaces has a line feed, so that neither part can be taken for the other. */
function withForwarded(text: string, { extensions }: GraphQLParams): string {
  return `${text}\n${JSON.stringify(extensions?.jwt)}`;
}

function isSignatureOf(text: string, { extensions }: GraphQLParams, secret: string): boolean {
  const signature: unknown = extensions?.['hmac-signature'];
  if (typeof signature !== 'string') return false;
  const expected = createHmac('sha256', secret).update(text).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** JSON with the keys of every object in order, so that both sides sign the same text. */
function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${stableJson(entry)}`).join(',')}}`;
}

function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
