import { createProviderMetadata, type ProviderMetadata, ProviderMetadataError } from './provider-metadata.ts';

/** How users sign in with a browser; `.env.example` describes each, as AUTH_…. */
export interface SignInOptions {
  issuer: string;
  clientId: string;
  scopes: string;
  /** Which token the service is sent. */
  token: 'access' | 'id';
  /** Added to the authorization request. */
  parameters: Readonly<Record<string, string>>;
}

/** Of the settings at `/sign-in/settings.json`, which `browser/settings.js` describes. Nothing of them is secret. */
interface SignInSettings extends Omit<SignInOptions, 'issuer'> {
  provider: ProviderMetadata;
}

export interface SignIn {
  /** @throws ProviderMetadataError */
  settings: () => Promise<SignInSettings>;
  /**
   * The directives of a page's content security policy for requests and frames: to its own origin, and to the issuer, unless that
   * cannot be reached.
   */
  policy: () => Promise<string>;
}

/** What pages need of the issuer. It is asked when the first page is opened. */
export function createSignIn({ issuer, ...options }: SignInOptions): SignIn {
  const metadata = createProviderMetadata(issuer);
  return {
    settings: async () => ({ provider: await metadata(), ...options }),
    policy: async () => {
      try {
        const { authorization_endpoint, token_endpoint, revocation_endpoint = token_endpoint } = await metadata();
        return policyTo([token_endpoint, revocation_endpoint], [authorization_endpoint]);
      } catch (error) {
        if (error instanceof ProviderMetadataError) return policyTo([], []);
        throw error;
      }
    },
  };
}

function policyTo(connect: readonly string[], frame: readonly string[]): string {
  return `connect-src ${sourcesOf(connect)}; frame-src ${sourcesOf(frame)}`;
}

const sourcesOf = (urls: readonly string[]) => ["'self'", ...new Set(urls.map((url) => new URL(url).origin))].join(' ');
