import { createHmac, timingSafeEqual } from 'node:crypto';
import type { GraphQLParams } from 'graphql-yoga';
import { UnauthenticatedError } from '../../errors/base.ts';
import type { ServerPlugin } from '../execute.ts';

/** Refuses the fields for gateways, anywhere in a document, unless the call is signed. */
export function useSubgraphSignature(secret: string): ServerPlugin {
  return {
    onOperation({ document, context: { params } }) {
      if (!document.selects('_entities', '_service') || isSigned(params, secret)) return;
      throw new UnauthenticatedError(
        'This call must be signed by the gateway of the supergraph',
        params.extensions?.['hmac-signature'] ? 'GATEWAY_SIGNATURE_WRONG' : 'GATEWAY_SIGNATURE_MISSING',
      );
    },
  };
}

/**
 * Whether a gateway that knows the secret signed this call, as Hive Gateway does: `extensions["hmac-signature"]` is the
 * HMAC-SHA256, in base64, of the query and its variables.
 */
export function isSigned({ query, variables, extensions }: GraphQLParams, secret: string): boolean {
  const signature: unknown = extensions?.['hmac-signature'];
  if (typeof signature !== 'string') return false;

  const hasVariables = variables && Object.keys(variables).length > 0;
  const signed = stableJson({ query, ...(hasVariables ? { variables } : {}) });
  const expected = createHmac('sha256', secret).update(signed).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** JSON with the keys of every object in order, so that both sides sign the same text. */
function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${stableJson(entry)}`).join(',')}}`;
}
