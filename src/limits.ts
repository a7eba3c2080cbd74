/** One limit: the variable that sets it, its default and its range. */
interface LimitRule {
  variable: string;
  value: number;
  from: number;
  to: number;
}

/** Characters of an id at most, also of ids that other systems issue. A longer one is refused before it is looked up. */
export const maxIdLength = 200;

/** Characters of a cursor at most; the cursors that we issue have fewer. */
export const maxCursorLength = 500;

/** Levels of objects and lists in the JSON of a request; deeper JSON is refused before it is parsed. */
export const maxJsonDepth = 100;

/** How long an invitation can be accepted, in ms: 14 days. */
export const invitationLifetimeMs = 14 * 24 * 60 * 60 * 1000;

/** What a client may ask for at most. The only list of limits; the environment variables are derived from it. */
export const limitRules = {
  /** Levels of fields in a document. */
  depth: { variable: 'MAX_DEPTH', value: 12, from: 1, to: 1_000 },
  aliases: { variable: 'MAX_ALIASES', value: 30, from: 0, to: 100_000 },
  directives: { variable: 'MAX_DIRECTIVES', value: 9, from: 0, to: 100_000 },
  /** Changes in one mutation. */
  changes: { variable: 'MAX_CHANGES', value: 10, from: 1, to: 1_000 },
  /** Lexical tokens of a document. */
  tokens: { variable: 'MAX_TOKENS', value: 1_500, from: 1, to: 1_000_000 },
  /** The same, where the gateway of a supergraph has signed the call. */
  tokensSigned: { variable: 'MAX_TOKENS_SIGNED', value: 10_000, from: 1, to: 1_000_000 },
  /** Characters of a document. */
  documentLength: { variable: 'MAX_DOCUMENT_LENGTH', value: 100_000, from: 100, to: 100_000_000 },
  /** Points that one operation may cost. */
  complexity: { variable: 'MAX_COMPLEXITY', value: 5_000, from: 1, to: 999_999_999 },
  /** Entries on a page of a list, and ids in `nodes`. */
  pageSize: { variable: 'MAX_PAGE_SIZE', value: 100, from: 1, to: 10_000 },
  /** Entries of a list in an input. */
  inputList: { variable: 'MAX_INPUT_LIST', value: 250, from: 1, to: 10_000 },
  /** Configurations that an organization shares, and that a user has in one. */
  modelConfigs: { variable: 'MAX_MODEL_CONFIGS', value: 500, from: 1, to: 100_000 },
  /** Provider keys of an organization, and its API keys that are not revoked. */
  providerKeys: { variable: 'MAX_PROVIDER_KEYS', value: 500, from: 1, to: 100_000 },
  apiKeys: { variable: 'MAX_API_KEYS', value: 500, from: 1, to: 100_000 },
  /** SCIM tokens of an organization that are not revoked. */
  scimTokens: { variable: 'MAX_SCIM_TOKENS', value: 20, from: 0, to: 1_000 },
  /** Users that the directory of an organization may have, teams, and members of one. */
  directoryUsers: { variable: 'MAX_DIRECTORY_USERS', value: 100_000, from: 1, to: 10_000_000 },
  teams: { variable: 'MAX_TEAMS', value: 5_000, from: 1, to: 1_000_000 },
  teamMembers: { variable: 'MAX_TEAM_MEMBERS', value: 10_000, from: 1, to: 1_000_000 },
  /** Invitations of an organization that nobody has answered; 0 allows none. */
  invitations: { variable: 'MAX_INVITATIONS', value: 500, from: 0, to: 100_000 },
  /** Organizations that a user may own; checked when it creates another. */
  organizations: { variable: 'MAX_ORGANIZATIONS_PER_USER', value: 100, from: 0, to: 1_000_000 },
  /** Models in one view of usage: those that are used most. */
  usageModels: { variable: 'MAX_USAGE_MODELS', value: 1_000, from: 1, to: 100_000 },
  /** Records in one report of usage. */
  usageBatch: { variable: 'MAX_USAGE_BATCH', value: 1_000, from: 1, to: 10_000 },
  /** References in one `_entities`. */
  entities: { variable: 'MAX_ENTITIES', value: 1_000, from: 1, to: 100_000 },
  /** Bytes of a request's body. */
  bodyBytes: { variable: 'MAX_BODY_BYTES', value: 1_000_000, from: 1_000, to: 100_000_000 },
  /** Bytes of an answer's data. */
  answerBytes: { variable: 'MAX_ANSWER_BYTES', value: 10_000_000, from: 10_000, to: 1_000_000_000 },
  /** Deadline of an operation, in ms. */
  executionMs: { variable: 'EXECUTION_TIMEOUT_MS', value: 10_000, from: 10, to: 600_000 },
  /** Open subscriptions of one process, and of one viewer in it. */
  subscriptions: { variable: 'MAX_SUBSCRIPTIONS', value: 5_000, from: 0, to: 1_000_000 },
  viewerSubscriptions: { variable: 'MAX_SUBSCRIPTIONS_PER_VIEWER', value: 100, from: 0, to: 1_000_000 },
  /** Rate limits: points that a viewer, and an address, may spend in a window; 0 is no limit. */
  viewerPoints: { variable: 'RATE_LIMIT_POINTS', value: 1_200_000, from: 0, to: 999_999_999 },
  addressPoints: { variable: 'RATE_LIMIT_ADDRESS_POINTS', value: 1_200_000, from: 0, to: 999_999_999 },
  rateWindowSeconds: { variable: 'RATE_LIMIT_WINDOW_SECONDS', value: 60, from: 1, to: 86_400 },
} as const satisfies Record<string, LimitRule>;

export type LimitName = keyof typeof limitRules;
export type Limits = Readonly<Record<LimitName, number>>;

/** The default limits, with those given in their place. */
export function limitsOf(given: Partial<Limits> = {}): Limits {
  const defaults = Object.entries(limitRules).map(([name, { value }]) => [name, value]);
  return { ...Object.fromEntries(defaults), ...given };
}

/** Who may use introspection. */
export const introspections = ['everyone', 'signed-in', 'nobody'] as const;
export type Introspection = (typeof introspections)[number];

/** Who may create organizations: every signed-in user, the operators alone, or nobody. */
export const organizationCreators = ['anyone', 'operators', 'nobody'] as const;
export type OrganizationCreators = (typeof organizationCreators)[number];
