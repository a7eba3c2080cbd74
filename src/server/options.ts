import type { JSONWebKeySet } from 'jose';
import type { Logger } from 'pino';
import type { LocalIssuer } from '../auth/issuer.ts';
import type { OrganizationCreation } from '../auth/organization-creation.ts';
import type { TrustedIssuer } from '../auth/token.ts';
import type { CacheLimits, Tags } from '../cache/tags.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Database } from '../database/pool/client.ts';
import type { ExtAuthzOptions } from '../decision-points/ext-authz/points.ts';
import type { SigningKey } from '../domain/checkpoints/signing-key.ts';
import type { RevisionHub } from '../domain/feed/revision-hub.ts';
import type { RefusalCounter } from '../domain/refusals/refusal-counter.ts';
import type { SnapshotHub } from '../domain/snapshots/snapshot-hub.ts';
import type { Vault } from '../domain/vault/vault.ts';
import type { Introspection, Limits } from '../limits.ts';
import type { ServerMetrics } from '../metrics/metrics.ts';
import type { StartSpan } from '../traces/span.ts';
import type { SharedCounter } from './limits/shared-windows.ts';
import type { PersistedDocuments } from './request/persisted-documents.ts';
import type { SignInOptions } from './sign-in/sign-in.ts';

/** What a server depends on. The caller starts all of it, and closes it. */
export interface ServerOptions {
  db: Database;
  catalog: Catalog;
  /** Whose tokens are accepted. */
  issuers: readonly TrustedIssuer[];
  /** Encrypts and decrypts provider keys. */
  vault: Vault;
  log: Logger;
  /** Subscriptions follow the revisions of organizations through it. */
  revisionHub: RevisionHub;
  /** The SDK follows the snapshots of organizations through it. */
  snapshotHub: SnapshotHub;
  /** Invalidate cached values. */
  tags: Tags;
  /** Counts the refusals of models. */
  refusals: RefusalCounter;
  /** Begins the span of each request, where traces are on. */
  startSpan?: StartSpan | undefined;
  /** What is measured, where metrics are on. */
  metrics?: ServerMetrics | undefined;
  /** What is cached at most; the defaults where absent. */
  cache?: CacheLimits | undefined;
  /** Providers, by slug, at which the operator has keys; absent: none. */
  platformProviders?: ReadonlySet<string> | undefined;
  /** Who may create organizations; absent: every user. */
  organizationCreation?: OrganizationCreation | undefined;
  /** The page on which invitations are accepted, with `{organizationId}` and `{invitationId}` in it; absent: none. */
  invitationUrl?: string | undefined;
  /** The current time; absent: the real one. */
  clock?: (() => Date) | undefined;
  /** Whether the database answers and has all migrations; a sentence says what is missing. */
  readiness: () => Promise<string | null>;
  /** Whether a browser is shown GraphiQL at /graphql. */
  graphiql?: boolean | undefined;
  /** Whether a browser is shown the console at /console, to which / leads. */
  console?: boolean | undefined;
  /**
   * Gives its tokens, as the personas of the demo world, to pages on this machine: only where the service listens on loopback
   * alone. Absent: there are none.
   */
  demo?: LocalIssuer | undefined;
  /** How the users of pages sign in; absent: they do not. */
  signIn?: SignInOptions | undefined;
  /** Public keys to serve at /.well-known/jwks.json, where the service is its own issuer. */
  jwks?: JSONWebKeySet | undefined;
  /** Signs snapshots; its public key is served with those of `jwks`. Absent: they are not signed. */
  signingKey?: SigningKey | undefined;
  /** What a client may ask for at most; the defaults where absent. */
  limits?: Partial<Limits> | undefined;
  /** Who may use introspection; absent: authenticated callers. */
  introspection?: Introspection | undefined;
  /** Documents that may be executed by id; with `only`, no others may, but for those that a gateway signed. */
  persistedDocuments?: PersistedDocuments | undefined;
  /** Redis, where processes share rate limits; absent: this one counts alone. */
  redis?: SharedCounter | undefined;
  /** How many proxies are trusted to append to `X-Forwarded-For`; absent: none. */
  trustedProxies?: number | undefined;
  /** Origins whose pages may read answers; absent: none. */
  corsOrigins?: ReadonlySet<string> | undefined;
  /** The secret with which the gateway of a supergraph signs its calls; absent: it need not sign. */
  subgraphHmacSecret?: string | undefined;
  /** Whether a call that a gateway signed may name its caller by the payload of a token that the gateway verified. */
  subgraphForwardedJwt?: boolean | undefined;
  /** How proxies are answered that ask before they forward a call; absent: not at all. */
  extAuthz?: ExtAuthzOptions | undefined;
}
