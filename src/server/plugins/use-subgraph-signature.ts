import { UnauthenticatedError } from '../../errors/base.ts';
import type { ServerPlugin } from '../execute.ts';
import { isSigned } from '../request/gateway-signature.ts';

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
