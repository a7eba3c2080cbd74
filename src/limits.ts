/** Characters of an id at most, also of ids that other systems issue. A longer one is refused before it is looked up. */
export const maxIdLength = 200;

/** Characters of a cursor at most; the cursors that we issue have fewer. */
export const maxCursorLength = 500;

/** Levels of objects and lists in the JSON of a request; deeper JSON is refused before it is parsed. */
export const maxJsonDepth = 100;

/** How long an invitation can be accepted, in ms: 14 days. */
export const invitationLifetimeMs = 14 * 24 * 60 * 60 * 1000;

/** A limit: the variable that sets it, its default, its range, and what docs/configuration.md and `.env.example` say of it. */
function limit<const Variable extends string>(
  variable: Variable,
  value: number,
  [from, to]: readonly [from: number, to: number],
  description: string,
) {
  return { variable, value, from, to, description };
}

/** Limits that are documented in the same section. */
function section<const Section extends string, Rules extends Record<string, object>>(name: Section, rules: Rules) {
  const entries = Object.entries(rules).map(([key, rule]) => [key, { ...rule, section: name }]);
  return Object.fromEntries(entries) as { [Name in keyof Rules]: Rules[Name] & { section: Section } };
}

/** What a client may ask for at most. The only list of limits; the environment variables are derived from it. */
export const limitRules = {
  ...section('Depth, aliases and tokens', {
    depth: limit('MAX_DEPTH', 12, [1, 1_000], 'Levels of fields in a document'),
    aliases: limit('MAX_ALIASES', 30, [0, 100_000], 'Aliases in a document'),
    directives: limit('MAX_DIRECTIVES', 9, [0, 100_000], 'Directives in a document'),
    changes: limit('MAX_CHANGES', 10, [1, 1_000], 'Fields of one mutation'),
    tokens: limit('MAX_TOKENS', 1_500, [1, 1_000_000], 'Lexical tokens of a document'),
    tokensSigned: limit('MAX_TOKENS_SIGNED', 10_000, [1, 1_000_000], 'The same, of a call that a gateway has signed'),
    documentLength: limit('MAX_DOCUMENT_LENGTH', 100_000, [100, 100_000_000], 'Characters of a document'),
  }),
  ...section('Query cost', {
    complexity: limit('MAX_COMPLEXITY', 5_000, [1, 999_999_999], 'Points that one operation may cost'),
  }),
  ...section('Pages and lists', {
    pageSize: limit('MAX_PAGE_SIZE', 100, [1, 10_000], 'Entries on a page of a list, and ids in `nodes`'),
    inputList: limit('MAX_INPUT_LIST', 250, [1, 10_000], 'Entries of a list in an input'),
    policyEntries: limit(
      'MAX_POLICY_ENTRIES',
      1_000,
      [100, 100_000],
      'Entries of a policy in all its lists, with its aliases and scopes; at least those of three full lists',
    ),
    usageBatch: limit('MAX_USAGE_BATCH', 1_000, [1, 10_000], 'Records in one report of usage'),
    usageModels: limit('MAX_USAGE_MODELS', 1_000, [1, 100_000], 'Models in `modelConfigUsage`: those used most'),
    entities: limit('MAX_ENTITIES', 1_000, [1, 100_000], 'References in one `_entities`'),
  }),
  ...section('Quotas', {
    modelConfigs: limit(
      'MAX_MODEL_CONFIGS',
      500,
      [1, 100_000],
      'Configurations that an organization shares, and that a user has in one',
    ),
    providerKeys: limit('MAX_PROVIDER_KEYS', 500, [1, 100_000], 'Provider keys of an organization'),
    apiKeys: limit('MAX_API_KEYS', 500, [1, 100_000], 'API keys of an organization that are not revoked'),
    scimTokens: limit(
      'MAX_SCIM_TOKENS',
      20,
      [0, 1_000],
      'SCIM tokens of an organization that are not revoked; `0`: no directories',
    ),
    directoryUsers: limit('MAX_DIRECTORY_USERS', 100_000, [1, 10_000_000], "Users of an organization's directory"),
    teams: limit(
      'MAX_TEAMS',
      5_000,
      [1, 1_000_000],
      'Teams of an organization that are kept here, and those of its directory',
    ),
    teamMembers: limit(
      'MAX_TEAM_MEMBERS',
      10_000,
      [1, 1_000_000],
      'Members of a team, user ids in a list of them, and members in one answer of SCIM',
    ),
    invitations: limit(
      'MAX_INVITATIONS',
      500,
      [0, 100_000],
      'Invitations of an organization that nobody has answered; `0`: nobody is invited',
    ),
    exceptions: limit(
      'MAX_EXCEPTIONS',
      1_000,
      [0, 100_000],
      'Exceptions of an organization that wait for a decision, or are granted and have not ended; `0`: none is made',
    ),
    exceptionRequests: limit(
      'MAX_EXCEPTION_REQUESTS',
      20,
      [0, 100_000],
      'Exceptions that one user has requested in an organization, and nobody has decided; `0`: only owners and admins make any',
    ),
    exceptionDays: limit('MAX_EXCEPTION_DAYS', 90, [1, 3_650], 'Days until the end of an exception at most'),
    organizations: limit(
      'MAX_ORGANIZATIONS_PER_USER',
      100,
      [0, 1_000_000],
      'Organizations that a user may own; checked when it creates another',
    ),
  }),
  ...section('Request bodies', {
    bodyBytes: limit('MAX_BODY_BYTES', 1_000_000, [1_000, 100_000_000], "Bytes of a request's body"),
  }),
  ...section('Response size', {
    answerBytes: limit('MAX_ANSWER_BYTES', 10_000_000, [10_000, 999_999_999], "Bytes of an answer's data"),
  }),
  ...section('Timeouts', {
    executionMs: limit('EXECUTION_TIMEOUT_MS', 10_000, [10, 600_000], 'How long an operation may take, in ms'),
  }),
  ...section('Subscriptions', {
    subscriptions: limit('MAX_SUBSCRIPTIONS', 5_000, [0, 1_000_000], 'Open subscriptions of one process'),
    viewerSubscriptions: limit(
      'MAX_SUBSCRIPTIONS_PER_VIEWER',
      100,
      [0, 1_000_000],
      'Open subscriptions of one viewer in one process',
    ),
    snapshotStreams: limit(
      'MAX_SNAPSHOT_STREAMS',
      20_000,
      [0, 1_000_000],
      'Open streams of snapshots, which the SDK follows, in one process',
    ),
    organizationSnapshotStreams: limit(
      'MAX_SNAPSHOT_STREAMS_PER_ORGANIZATION',
      5_000,
      [0, 1_000_000],
      'Open streams of snapshots of one organization in one process',
    ),
    viewerSnapshotStreams: limit(
      'MAX_SNAPSHOT_STREAMS_PER_VIEWER',
      5_000,
      [0, 1_000_000],
      'Open streams of snapshots of one viewer in one process, in all organizations together; not for platform keys',
    ),
  }),
  ...section('Rate limits', {
    viewerPoints: limit(
      'RATE_LIMIT_POINTS',
      1_200_000,
      [0, 999_999_999],
      'Points that a viewer may spend in a window; `0`: no limit',
    ),
    addressPoints: limit(
      'RATE_LIMIT_ADDRESS_POINTS',
      1_200_000,
      [0, 999_999_999],
      'Points that an address may spend in a window; `0`: no limit',
    ),
    rateWindowSeconds: limit('RATE_LIMIT_WINDOW_SECONDS', 60, [1, 86_400], 'The length of a window, in seconds'),
  }),
};

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
