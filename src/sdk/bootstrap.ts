import { parseCatalog, parseSnapshot, type State, stateOf } from './state.ts';
import type { Bootstrap } from './types.ts';
import { type Verifier, verifyHash } from './verifier.ts';

/** The state of a bootstrap, whose keys are trusted from then on. @throws for what `gate.snapshot()` has not given, or was changed since */
export async function openBootstrap(
  found: Bootstrap,
  organizationId: string,
  verifier: Pick<Verifier, 'trust' | 'verify'>,
): Promise<State> {
  const { snapshot, catalog, etag, signature, keys } = checkBootstrap(found);
  const bytesOf = (text: string) => new TextEncoder().encode(text);
  verifier.trust(keys);
  await verifier.verify(bytesOf(snapshot), signature);
  const document = parseSnapshot(snapshot, organizationId);
  await verifyHash(bytesOf(catalog), document.catalogHash);
  return stateOf(document, parseCatalog(catalog, document.catalogVersion), { snapshot, catalog, etag, signature });
}

/** @throws for what `gate.snapshot()` has not given */
function checkBootstrap(found: Bootstrap): Bootstrap {
  const { format, confirmedAt, snapshot, catalog, etag, signature, keys } = found;
  const isWhole =
    format === 1 &&
    [confirmedAt, snapshot, catalog, etag].every((text) => typeof text === 'string') &&
    (signature === null || typeof signature === 'string') &&
    Array.isArray(keys) &&
    keys.every((key) => typeof key === 'object' && key !== null);
  if (!isWhole) throw new Error('it has another form');
  return found;
}
