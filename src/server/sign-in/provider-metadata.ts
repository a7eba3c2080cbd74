import { z } from 'zod';
import { FetchError, fetchDocument } from '../../auth/fetch-document.ts';

const endpoint = z.url({ protocol: /^https?$/ });

/** What is used of the metadata of OpenID Connect Discovery 1.0; all else is stripped. */
const ProviderMetadata = z.object({
  issuer: endpoint,
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  revocation_endpoint: endpoint.exactOptional(),
  end_session_endpoint: endpoint.exactOptional(),
  // Without it, RS256 alone would be accepted.
  id_token_signing_alg_values_supported: z.array(z.string()).exactOptional(),
  authorization_response_iss_parameter_supported: z.boolean().exactOptional(),
});
export type ProviderMetadata = z.infer<typeof ProviderMetadata>;

/** Why there is no metadata; the message is for the user of a page. */
export class ProviderMetadataError extends Error {
  constructor(issuer: string, fault: string) {
    super(`The issuer ${issuer} ${fault}.`);
    this.name = 'ProviderMetadataError';
  }
}

/** The timeout of a fetch, up to the last byte. */
const timeoutMs = 5_000;

/** From this age on metadata is refreshed in the background; until then, and while that fails, the cached one is used. */
const refreshMs = 600_000;

/**
 * The metadata of an issuer, cached; fetched when it is first asked for. Concurrent calls share one fetch.
 *
 * @throws ProviderMetadataError
 */
export function createProviderMetadata(issuer: string, clock = Date.now): () => Promise<ProviderMetadata> {
  let last: ProviderMetadata | undefined;
  let pending: Promise<ProviderMetadata> | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;

  const fetchAgain = () => {
    triedAt = clock();
    pending ??= fetchMetadata(issuer)
      .then((metadata) => {
        last = metadata;
        return metadata;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
  return async () => {
    if (!last) return fetchAgain();
    if (clock() - triedAt >= refreshMs) fetchAgain().catch(() => {});
    return last;
  };
}

async function fetchMetadata(issuer: string): Promise<ProviderMetadata> {
  const url = `${withoutSlash(issuer)}/.well-known/openid-configuration`;
  const metadata = ProviderMetadata.safeParse(await fetchJson(issuer, url));
  if (!metadata.success) {
    const names = metadata.error.issues.map(({ path }) => path.join('.')).filter((name) => name !== '');
    throw new ProviderMetadataError(issuer, `has no usable metadata at ${url} (${names.join(', ') || 'no object'})`);
  }
  // As the iss of tokens is compared: to the letter, with or without a slash at the end.
  if (withoutSlash(metadata.data.issuer) !== withoutSlash(issuer))
    throw new ProviderMetadataError(issuer, `calls itself ${metadata.data.issuer} at ${url}`);
  return metadata.data;
}

async function fetchJson(issuer: string, url: string): Promise<unknown> {
  try {
    return JSON.parse(await fetchDocument(url, 'application/json', AbortSignal.timeout(timeoutMs)));
  } catch (error) {
    if (error instanceof FetchError) throw new ProviderMetadataError(issuer, `${error.message} at ${url}`);
    if (error instanceof SyntaxError) throw new ProviderMetadataError(issuer, `answered with no JSON at ${url}`);
    throw error;
  }
}

const withoutSlash = (url: string) => url.replace(/\/$/, '');
