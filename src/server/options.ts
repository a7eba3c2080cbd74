import type { GraphiQLOptions } from 'graphql-yoga';
import type { JSONWebKeySet } from 'jose';
import type { Logger } from 'pino';
import type { TrustedIssuer } from '../auth/token.ts';
import type { CacheLimits, Tags } from '../cache/tags.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Database } from '../database/pool/client.ts';
import type { RevisionHub } from '../domain/feed/revision-hub.ts';
import type { Vault } from '../domain/vault/vault.ts';
import type { Introspection, Limits } from '../limits.ts';
import type { SharedCounter } from './limits/shared-windows.ts';
import type { PersistedDocuments } from './request/persisted-documents.ts';

/** What a server stands on. It starts nothing and ends nothing of it. */
export interface ServerOptions {
  db: Database;
  catalog: Catalog;
  issuer: TrustedIssuer;
  /** Seals and opens provider keys. */
  vault: Vault;
  log: Logger;
  /** Where subscriptions follow the revisions of organizations. */
  revisionHub: RevisionHub;
  /** Say for how long what was read is valid. */
  tags: Tags;
  /** What is cached at most; the defaults where absent. */
  cache?: CacheLimits | undefined;
  /** The providers, by slug, that the operator has keys at: absent, none. */
  platformProviders?: ReadonlySet<string> | undefined;
  /** What time it is: the real one where absent. */
  clock?: (() => Date) | undefined;
  /** Whether the database answers and has all migrations; a sentence says what is missing. */
  readiness: () => Promise<string | null>;
  /** The page at /graphql in a browser; absent: none. */
  graphiql?: ((request: Request) => Promise<GraphiQLOptions>) | undefined;
  /** Public keys to serve at /.well-known/jwks.json, where the service is its own issuer. */
  jwks?: JSONWebKeySet | undefined;
  /** What a client may ask for at most; the defaults where absent. */
  limits?: Partial<Limits> | undefined;
  /** Who may ask what the graph is made of; absent: callers who are signed in. */
  introspection?: Introspection | undefined;
  /** Documents that may be asked for by id; where they are the only ones, so may those that the gateway signed. */
  persistedDocuments?: PersistedDocuments | undefined;
  /** Where points are counted together with other processes; absent: this one counts alone. */
  redis?: SharedCounter | undefined;
  /** Proxies whose word is taken for the address of a client; absent: none. */
  trustedProxies?: number | undefined;
  /** Whose pages may read answers; absent: none. */
  corsOrigins?: ReadonlySet<string> | undefined;
  /** What the gateway of a supergraph signs its calls with; absent: it need not. */
  subgraphHmacSecret?: string | undefined;
}
