/** A public key as a JWK. */
export interface PublicKey {
  kty: string;
  crv?: string;
  x?: string;
  y?: string;
  kid?: string;
  alg?: string;
}

/** A snapshot with its catalog, as `gate.snapshot()` gives it, and as a bootstrap file has it. */
export interface Bootstrap {
  format: 1;
  /** When the service has last confirmed that it was the present one: ISO 8601. */
  confirmedAt: string;
  /** The bodies of the answers, unchanged. */
  snapshot: string;
  catalog: string;
  etag: string;
  signature: string | null;
  keys: readonly PublicKey[];
}

export interface ConnectOptions {
  /** Where the service, or a relay, answers: `https://modelgate.example.com`, with or without `/graphql`. */
  url: string;
  /** An API key with the scope `read`, or a token of an owner or admin. */
  apiKey: string;
  organizationId: string;
  /** Ids of subjects whose role and teams the service shall tell: `usr_…`, `api_…`. */
  subjects?: readonly string[];
  /**
   * A file that is kept up to date, or what `gate.snapshot()` gave. No earlier snapshot counts from then on; and while the service is
   * away it is decided by, where it was confirmed within `maxStaleMs`.
   */
  bootstrap?: string | Bootstrap;
  /** How long, in ms, the last confirmation of the snapshot may be ago; 60,000 by default. */
  maxStaleMs?: number;
  /** What is decided after that: everything is denied (`deny`, the default), or the last snapshot counts (`last`). */
  onStale?: 'deny' | 'last';
  /** The keys that must have signed snapshots. By default those of the service's JWKS, where it signs. */
  publicKey?: PublicKey | readonly PublicKey[];
  /** How often, in ms, the service is asked where no stream can be held open; 10,000 by default. */
  pollMs?: number;
  /** How long, in ms, an answer of the service may take; 5,000 by default. */
  timeoutMs?: number;
  fetch?: typeof fetch;
}

/** For whom is decided; one of the three is given at least. What is absent is as the service has told of `subjects`; else there is none. */
export interface Subject {
  id?: string;
  role?: 'OWNER' | 'ADMIN' | 'MEMBER';
  /** Teams by id, or by name where a rule is of them. */
  teams?: readonly string[];
}

export interface Question {
  /** A key, `provider/key`, an alias of the catalog or of the organization, a display name or an id. */
  model: string;
  /** Absent: whoever has no rules but those of the organization. */
  subject?: Subject;
}

export type Reason =
  | 'STALE'
  | 'UNKNOWN_MODEL'
  | 'RETIRED'
  | 'NOT_A_MEMBER'
  | 'PROVIDER_DISABLED'
  | 'MODEL_DISABLED'
  | 'NOT_ALLOWED'
  | 'PENDING_REVIEW';

/** What is said of an allowed model: it will retire, an exception alone allows it, or the snapshot is too old (`onStale: 'last'`). */
export type Warning = 'DEPRECATED' | 'EXCEPTION' | 'STALE';

export interface Decision {
  allowed: boolean;
  /** Most important first; empty where it is allowed. */
  reasons: readonly Reason[];
  warnings: readonly Warning[];
  /** The model that the name means, as `provider/key`; null where there is none. */
  model: string | null;
  /** The next moment at which the decision could change by time alone. */
  validUntil: Date | null;
  revision: number;
  catalogVersion: number;
  /** How long ago, in ms, the service has confirmed the snapshot. */
  staleMs: number;
}

export interface AllowedModel {
  /** `provider/key` */
  model: string;
  provider: string;
  modelId: string;
  displayName: string;
  kind: 'CHAT' | 'EMBEDDING';
  contextWindow: number | null;
  maxOutputTokens: number | null;
}

export interface Change {
  revision: number;
  catalogVersion: number;
  /** Models, as `provider/key`, that may not be used any more by whoever has no rules of its own. */
  newlyBlocked: readonly string[];
  newlyAllowed: readonly string[];
}

/** What went wrong with the service; decisions go on meanwhile. */
export interface GateError extends Error {
  /**
   * `UNAVAILABLE`, `BAD_SIGNATURE`, `OLDER_SNAPSHOT`, `BAD_SNAPSHOT`, `BAD_BOOTSTRAP`, `INVALID_OPTION`, `INVALID_SUBJECT`, or the
   * code of an error of the service, such as `AUTHENTICATION_REQUIRED`.
   */
  code: string;
}

export interface Events {
  /** Another snapshot counts from now on. */
  change: Change;
  /** The service could not be asked, or its answer was refused. */
  error: GateError;
}

export interface Gate {
  /** @throws GateError `INVALID_SUBJECT` */
  decide(question: Question): Decision;
  /** The models that a subject may use; none where the snapshot is too old. @throws GateError `INVALID_SUBJECT` */
  models(subject?: Subject): AllowedModel[];
  /** Answers a function that removes the listener. */
  on<Name extends keyof Events>(event: Name, listener: (event: Events[Name]) => void): () => void;
  /** The present snapshot, to be kept elsewhere and given as `bootstrap`. */
  snapshot(): Bootstrap;
  readonly revision: number;
  readonly catalogVersion: number;
  readonly staleMs: number;
  /** Ends the stream. Decisions go on by the last snapshot, until `maxStaleMs` have passed. */
  close(): Promise<void>;
}

/**
 * @throws GateError where an option is not what it must be, and where there is no snapshot to decide by: the service cannot be asked,
 * or refuses, and no bootstrap counts.
 */
export type Connect = (options: ConnectOptions) => Promise<Gate>;
