import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { defaultMapping, presets } from '../../src/auth/presets.ts';
import { readEnvironment, variableNames } from '../../src/environment/environment.ts';
import { EnvironmentError } from '../../src/environment/text.ts';
import { type LimitName, limitRules, limitsOf } from '../../src/limits.ts';

const external = {
  DATABASE_URL: 'postgresql://modelgate:secret@db.internal/modelgate',
  AUTH_JWKS_URL: 'https://auth.example/jwks.json',
  AUTH_ISSUER: 'https://auth.example',
  MASTER_KEYS: `2026:${randomBytes(32).toString('base64')}`,
};

/** The lines that someone with such an environment is told. */
function faultsOf(variables: Record<string, string>, options?: { needsAuth: boolean }): string[] {
  try {
    readEnvironment(variables, options);
    return [];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return error.message.split('\n').map((line) => line.trim());
  }
}

describe('readEnvironment', () => {
  it('means the embedded mode on localhost:4000 where nothing is set', () => {
    expect(readEnvironment({})).toEqual({
      host: 'localhost',
      port: 4000,
      keepAliveTimeoutMs: 65_000,
      sendTimeoutMs: 30_000,
      metrics: undefined,
      traces: undefined,
      logLevel: 'info',
      databaseUrl: undefined,
      migrateDatabaseUrl: undefined,
      databasePoolSize: 10,
      preparedStatements: 'auto',
      dataDirectory: undefined,
      auth: undefined,
      signIn: undefined,
      masterKeys: undefined,
      ledgerSigningKey: undefined,
      platformProviders: new Set(),
      organizationCreation: undefined,
      operators: new Set(),
      console: true,
      graphiql: undefined,
      introspection: undefined,
      corsOrigins: new Set(),
      persistedDocuments: undefined,
      subgraphHmacSecret: undefined,
      subgraphForwardedJwt: false,
      redisUrl: undefined,
      trustedProxies: 0,
      limits: limitsOf(),
      cache: { bytes: 64_000_000, entries: 200_000 },
    });
  });

  it('takes an empty variable for an absent one', () => {
    const empty = Object.fromEntries(variableNames.map((name) => [name, '']));

    expect(readEnvironment(empty)).toEqual(readEnvironment({}));
  });

  it('reads what is set, and leaves alone what is not ours', () => {
    const variables = {
      ...external,
      HOST: '0.0.0.0',
      PORT: '0',
      KEEP_ALIVE_TIMEOUT_MS: '5000',
      SEND_TIMEOUT_MS: '1000',
      LOG_LEVEL: 'silent',
      MIGRATE_DATABASE_URL: 'postgres://owner@db.internal/modelgate',
      DATABASE_POOL_SIZE: '25',
      DATABASE_PREPARED_STATEMENTS: 'off',
      DATA_DIR: '/srv/modelgate',
      AUTH_AUDIENCE: 'modelgate',
      AUTH_CLIENT_ID: 'pages',
      AUTH_SCOPES: 'openid offline_access',
      AUTH_TOKEN_KIND: 'id',
      AUTH_PARAMETERS: 'audience=https%3A%2F%2Fapi.example&organization=org_1',
      PLATFORM_PROVIDERS: 'openai, cohere',
      ORGANIZATION_CREATION: 'nobody',
      OPERATORS: 'usr_1, user_2',
      CONSOLE: 'false',
      GRAPHIQL: 'false',
      INTROSPECTION: 'nobody',
      CORS_ORIGINS: 'https://app.example, http://localhost:3000',
      PERSISTED_DOCUMENTS: 'documents.json,only',
      SUBGRAPH_HMAC_SECRET: 's'.repeat(32),
      SUBGRAPH_FORWARDED_JWT: 'true',
      EXT_AUTHZ: 'true',
      EXT_AUTHZ_CUT_BODIES: 'false',
      REDIS_URL: 'redis://cache.internal:6379',
      TRUSTED_PROXIES: '1',
      CACHE_BYTES: '0',
      CACHE_ENTRIES: '10',
      MAX_DEPTH: '8',
      RATE_LIMIT_POINTS: '0',
      PATH: '/bin',
    };

    expect(readEnvironment(variables)).toEqual({
      host: '0.0.0.0',
      port: 0,
      keepAliveTimeoutMs: 5_000,
      sendTimeoutMs: 1_000,
      logLevel: 'silent',
      databaseUrl: external.DATABASE_URL,
      migrateDatabaseUrl: 'postgres://owner@db.internal/modelgate',
      databasePoolSize: 25,
      preparedStatements: 'off',
      dataDirectory: '/srv/modelgate',
      auth: [
        {
          jwksUrl: external.AUTH_JWKS_URL,
          issuer: external.AUTH_ISSUER,
          audience: 'modelgate',
          mapping: defaultMapping,
          keepsIds: true,
          refusesImpersonation: false,
        },
      ],
      signIn: {
        issuer: external.AUTH_ISSUER,
        clientId: 'pages',
        scopes: 'openid offline_access',
        token: 'id',
        parameters: { audience: 'https://api.example', organization: 'org_1' },
      },
      masterKeys: [{ id: '2026', key: expect.anything() }],
      platformProviders: new Set(['openai', 'cohere']),
      organizationCreation: 'nobody',
      operators: new Set(['usr_1', 'user_2']),
      console: false,
      graphiql: false,
      introspection: 'nobody',
      corsOrigins: new Set(['https://app.example', 'http://localhost:3000']),
      persistedDocuments: { files: ['documents.json'], only: true },
      subgraphHmacSecret: 's'.repeat(32),
      subgraphForwardedJwt: true,
      extAuthz: { takesCutBodies: false },
      redisUrl: 'redis://cache.internal:6379',
      trustedProxies: 1,
      limits: limitsOf({ depth: 8, viewerPoints: 0 }),
      cache: { bytes: 0, entries: 10 },
    });
  });

  it('cuts blanks around a value, and takes one of blanks alone for an absent one', () => {
    const padded = Object.entries(external).map(([name, value]) => [name, ` \t${value} \r\n`]);

    const { masterKeys, ...read } = readEnvironment({ ...Object.fromEntries(padded), PORT: ' 80\n', HOST: ' \n' });

    expect(read).toMatchObject({ host: 'localhost', port: 80, databaseUrl: external.DATABASE_URL });
    expect(read.auth).toMatchObject([{ jwksUrl: external.AUTH_JWKS_URL, issuer: external.AUTH_ISSUER }]);
    expect(masterKeys).toHaveLength(1);
  });

  it('tells of quotes around any value, and of control characters in it, by the name of the variable alone', () => {
    const quotes = 'is in quotes, which would be part of the value; set it without them';
    const controls = 'must not hold control characters or invisible ones';
    const told = (value: string) => faultsOf(Object.fromEntries(variableNames.map((name) => [name, value]))).slice(1);

    for (const value of ['"hunter2"', "'hunter2'", ' `hunter2`\n', '""']) {
      expect(told(value)).toEqual(variableNames.map((name) => `${name}: ${quotes}`));
    }
    for (const value of ['hunter\n2', 'hunter\u00002', 'hunter\u001b[0m', 'hunter\u200b2']) {
      expect(told(value)).toEqual(variableNames.map((name) => `${name}: ${controls}`));
    }
    expect(faultsOf({ ...external, AUTH_ISSUER: `"${external.AUTH_ISSUER}"` })).toHaveLength(2);
    expect(faultsOf({ DATA_DIR: 'Mara\'s "data" here', PATH: '"/bin"' })).toEqual([]);
  });

  it('reads every limit, each by its own variable', () => {
    const names = Object.keys(limitRules) as LimitName[];
    const given = names.map((name, index) => [limitRules[name].variable, String(limitRules[name].from + index)]);

    const { limits } = readEnvironment(Object.fromEntries(given));

    expect(names.map((name, index) => limits[name] - limitRules[name].from - index)).toEqual(names.map(() => 0));
  });

  it('names every fault at once', () => {
    const everythingWrong = {
      PORT: '65536',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://db.internal/modelgate',
      MIGRATE_DATABASE_URL: 'modelgate',
      DATABASE_POOL_SIZE: '0',
      AUTH_JWKS_URL: 'file:///etc/passwd',
      MASTER_KEYS: '2026:c2hvcnQ=,2025',
      LEDGER_SIGNING_KEY: 'c2VjcmV0',
      AUTH_SCOPES: 'profile',
      AUTH_TOKEN_KIND: 'bearer',
      AUTH_PARAMETERS: 'audience=&scope=all&state=1',
      ORGANIZATION_CREATION: 'everybody',
      OPERATORS: 'usr_1,mara@example.com',
      GRAPHIQL: 'yes',
      INTROSPECTION: 'sometimes',
      CORS_ORIGINS: 'https://app.example/,*',
      SUBGRAPH_HMAC_SECRET: 'short',
      REDIS_URL: 'cache.internal',
      MAX_DEPTH: '0',
    };

    expect(faultsOf(everythingWrong)).toEqual([
      'The environment has faults:',
      'PORT: must be a whole number from 0 to 65535',
      'LOG_LEVEL: must be one of fatal, error, warn, info, debug, silent',
      expect.stringMatching(/^DATABASE_URL: must be a URL such as /),
      expect.stringMatching(/^MIGRATE_DATABASE_URL: must be a URL such as /),
      'DATABASE_POOL_SIZE: must be a whole number from 1 to 500',
      'AUTH_JWKS_URL: must be a URL such as https://example.com/.well-known/jwks.json',
      'AUTH_SCOPES: must hold openid, among scopes with blanks between them',
      'AUTH_TOKEN_KIND: must be access or id',
      'AUTH_PARAMETERS: must not set scope, state',
      'AUTH_PARAMETERS: must be name=value, each name once, with & between them',
      'MASTER_KEYS: key 1 must have 32 bytes, not 5',
      'MASTER_KEYS: key 2 is not written as id:base64',
      'LEDGER_SIGNING_KEY: must be a private key of the curve P-256 (ES256) or Ed25519 (EdDSA): a JWK, or PKCS#8 in PEM or Base64',
      'ORGANIZATION_CREATION: must be one of anyone, operators, nobody',
      'OPERATORS: must be ids of users (usr_… or user_…), with commas between them',
      'GRAPHIQL: must be true or false',
      'INTROSPECTION: must be one of everyone, signed-in, nobody',
      'CORS_ORIGINS: must be origins such as https://app.example, with commas between them',
      'SUBGRAPH_HMAC_SECRET: must be at least 32 characters',
      'REDIS_URL: must be a URL such as redis://user:password@host:6379',
      'MAX_DEPTH: must be a whole number from 1 to 1000',
      'AUTH_ISSUER: is required where DATABASE_URL is set',
    ]);
  });

  it('believes no gateway about tokens without a secret to sign them with', () => {
    expect(faultsOf({ SUBGRAPH_FORWARDED_JWT: 'false' })).toEqual([]);
    expect(faultsOf({ SUBGRAPH_FORWARDED_JWT: 'true' })).toEqual([
      'The environment has faults:',
      'SUBGRAPH_FORWARDED_JWT: needs SUBGRAPH_HMAC_SECRET, with which they are signed',
    ]);
  });

  it.each(['four', '-1', '80.5', '1e3', '0x50', '8 0', '99999999999999999999'])('takes no "%s" for a port', (PORT) => {
    expect(faultsOf({ PORT })).toEqual(['The environment has faults:', 'PORT: must be a whole number from 0 to 65535']);
    expect(faultsOf({ METRICS_PORT: PORT })).toEqual([
      'The environment has faults:',
      'METRICS_PORT: must be a whole number from 0 to 65535',
    ]);
  });

  it('exports traces where a collector is named, unless the standard variables switch them off', () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector.internal:4318';
    const at = (variables: Record<string, string> = {}) =>
      readEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT, ...variables }).traces;

    expect(at()).toEqual({ protocol: 'http/protobuf' });
    expect(at({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' })).toEqual({ protocol: 'http/json' });
    expect(at({ OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
    expect(at({ OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined();
    expect(faultsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual([
      'The environment has faults:',
      'OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL such as http://localhost:4318',
      'OTEL_EXPORTER_OTLP_PROTOCOL: must be http/protobuf or http/json',
    ]);
  });

  it('has metrics where the service is unless they have a host of their own, at another port', () => {
    const at = (variables: Record<string, string>) => readEnvironment(variables).metrics;

    expect(at({ METRICS_PORT: '9464' })).toEqual({ host: 'localhost', port: 9464 });
    expect(at({ METRICS_PORT: '9464', HOST: '0.0.0.0' })).toEqual({ host: '0.0.0.0', port: 9464 });
    expect(at({ METRICS_PORT: '0', PORT: '0', METRICS_HOST: '127.0.0.1' })).toEqual({ host: '127.0.0.1', port: 0 });
    expect(at({ METRICS_HOST: '127.0.0.1' })).toBeUndefined();
    expect(faultsOf({ METRICS_PORT: '4000' })).toContain('METRICS_PORT: must be another port than PORT');
  });

  it('never repeats a value, since some are secret', () => {
    const values = Object.fromEntries(variableNames.map((name) => [name, 'hunter2']));

    expect(faultsOf(values).length).toBeGreaterThan(5);
    expect(faultsOf(values).join()).not.toContain('hunter2');
  });

  it('signs nobody in with a browser without a client, and wants an issuer that is a URL with one', () => {
    const { signIn } = readEnvironment({ ...external, AUTH_CLIENT_ID: 'pages' });

    expect(signIn).toMatchObject({ scopes: 'openid profile email', token: 'access', parameters: {} });
    expect(readEnvironment(external).signIn).toBeUndefined();
    expect(faultsOf({ ...external, AUTH_ISSUER: 'auth.example' })).toEqual([]);
    expect(faultsOf({ ...external, AUTH_ISSUER: 'auth.example', AUTH_CLIENT_ID: 'pages' })).toEqual([
      'The environment has faults:',
      'AUTH_CLIENT_ID: needs an AUTH_ISSUER that is a URL, to sign in at',
    ]);
  });

  it('signs users in at the first of several issuers', () => {
    const issuers = ['https://one.example', 'https://two.example'].map((issuer) => ({ issuer, keepsIds: false }));
    const { AUTH_ISSUER: _, AUTH_JWKS_URL: __, ...database } = external;

    const { signIn } = readEnvironment({
      ...database,
      AUTH_ISSUERS: JSON.stringify(issuers),
      AUTH_CLIENT_ID: 'pages',
    });

    expect(signIn).toMatchObject({ issuer: 'https://one.example', clientId: 'pages' });
  });

  it('tells one fault of INVITATION_URL at a time', () => {
    expect(faultsOf({ INVITATION_URL: 'join' }).slice(1)).toEqual([expect.stringContaining('must be a URL such as')]);
    expect(faultsOf({ INVITATION_URL: 'https://app.example/join' }).slice(1)).toEqual([
      'INVITATION_URL: must have {organizationId} and {invitationId} in it',
    ]);
  });

  it('wants an issuer and master keys of your own where the database is', () => {
    const { AUTH_JWKS_URL: _, ...withoutKeys } = external;

    expect(faultsOf({ ...withoutKeys, AUTH_ISSUER: '', MASTER_KEYS: '' })).toEqual([
      'The environment has faults:',
      'AUTH_ISSUER: is required where DATABASE_URL is set',
      'MASTER_KEYS: is required where DATABASE_URL is set',
    ]);
    expect(faultsOf(withoutKeys)).toEqual([]);
    expect(faultsOf(external)).toEqual([]);
  });

  it('does not want it for a command that reads no tokens', () => {
    expect(faultsOf({ DATABASE_URL: external.DATABASE_URL }, { needsAuth: false })).toEqual([]);
  });
});

describe('issuers', () => {
  const { AUTH_JWKS_URL: _url, AUTH_ISSUER: _issuer, ...database } = external;
  const issuersOf = (issuers: unknown) =>
    readEnvironment({ ...database, AUTH_ISSUERS: JSON.stringify(issuers) }).auth ?? [];
  const refused = (issuers: unknown) => faultsOf({ ...database, AUTH_ISSUERS: JSON.stringify(issuers) }).slice(1);
  const issuer = 'https://id.example/realms/acme';

  it('are several, each with its preset, of which one alone keeps ids', () => {
    const [first, second] = issuersOf([
      {
        issuer,
        preset: 'keycloak',
        teamsClaim: 'https://acme.example/teams',
        roleClaim: 'roles',
        roles: { boss: 'OWNER' },
        keepsIds: true,
      },
      { issuer: 'modelgate-tests', jwksUrl: 'http://127.0.0.1/keys', authorizedParties: ['web'], audience: ['a', 'b'] },
    ]);

    expect(first).toMatchObject({ issuer, jwksUrl: undefined, keepsIds: true });
    expect(first?.mapping).toEqual({
      ...presets.keycloak,
      teamsClaim: 'https://acme.example/teams',
      roleClaim: 'roles',
      roles: { boss: 'OWNER' },
    });
    expect(second).toMatchObject({
      keepsIds: false,
      audience: ['a', 'b'],
      authorizedParties: ['web'],
      mapping: defaultMapping,
    });
  });

  it('keep no ids where another one does, or none shall', () => {
    const keeping = (...keepsIds: (boolean | undefined)[]) =>
      issuersOf(keepsIds.map((keeps, index) => ({ issuer: `${issuer}${index}`, keepsIds: keeps }))).map(
        (one) => one.keepsIds,
      );

    expect(keeping(undefined, true)).toEqual([false, true]);
    expect(keeping(false)).toEqual([false]);
    expect(keeping(false, undefined)).toEqual([false, false]);
    expect(keeping(undefined)).toEqual([true]);
  });

  it('have no version of Clerk’s tokens once their organization is elsewhere', () => {
    expect(issuersOf([{ issuer, organizationClaim: 'tenant.id' }])[0]?.mapping?.version1).toBe(undefined);
    expect(issuersOf([{ issuer, nameClaim: 'nick' }])[0]?.mapping?.version1).toBeDefined();
  });

  it.each([
    [[], 'AUTH_ISSUERS: must name an issuer'],
    [[{ issuer, keepsIds: false }, { issuer }], 'AUTH_ISSUERS: must not name an issuer twice'],
    [
      [{ issuer }, { issuer: `${issuer}2` }],
      expect.stringMatching(/^AUTH_ISSUERS: of several issuers, say which one keeps/),
    ],
    [[{ issuer, preset: 'ping' }], expect.stringMatching(/^AUTH_ISSUERS: 0\.preset: must be one of clerk, auth0/)],
    [
      [{ issuer, userClaim: 'a..b' }],
      expect.stringMatching(/^AUTH_ISSUERS: 0\.userClaim: must be the name of a claim/),
    ],
    [
      [{ issuer, userclaim: 'a' }],
      expect.stringMatching(/^AUTH_ISSUERS: 0: has no setting userclaim; there are issuer, .*userClaim/),
    ],
    [[{ issuer, roles: { admin: 'BOSS' } }], expect.stringMatching(/^AUTH_ISSUERS: 0\.roles\.admin: /)],
    [[{ issuer: 'acme' }], 'AUTH_ISSUERS: 0.jwksUrl: is required where the issuer is no URL'],
    [[{ issuer, preset: 'google' }], expect.stringMatching(/^AUTH_ISSUERS: 0\.audience: is required with this preset/)],
    [[{ issuer, preset: 'entra' }], expect.stringMatching(/^AUTH_ISSUERS: 0\.audience: is required with this preset/)],
    ...['userClaim', 'emailVerifiedClaim', 'organizationClaim'].map((setting): [unknown, string] => [
      [{ issuer, preset: 'supabase', [setting]: 'user_metadata.id' }],
      `AUTH_ISSUERS: 0.${setting}: must not be a claim that users write themselves`,
    ]),
    [
      [{ issuer, roleClaim: 'custom.unsafe_metadata.role' }],
      'AUTH_ISSUERS: 0.roleClaim: must not be a claim that users write themselves',
    ],
    [
      [{ issuer, preset: 'supabase', roleClaim: 'app_metadata.role' }],
      'AUTH_ISSUERS: 0.roleClaim: has no effect without organizationClaim',
    ],
    [
      [{ issuer, preset: 'supabase', teamsClaim: 'app_metadata.teams' }],
      'AUTH_ISSUERS: 0.teamsClaim: has no effect without organizationClaim',
    ],
    [
      [{ issuer, organizationClaim: null, organizationNameClaim: 'company' }],
      'AUTH_ISSUERS: 0.organizationNameClaim: has no effect without organizationClaim',
    ],
    [[{ issuer, preset: 'auth0', roles: { boss: 'OWNER' } }], 'AUTH_ISSUERS: 0.roles: has no effect without roleClaim'],
    [
      [{ issuer, emailClaim: 'mail', emailVerifiedClaim: null }],
      'AUTH_ISSUERS: 0.emailClaim: has no effect without emailVerifiedClaim',
    ],
    [
      [
        { issuer, keepsIds: true },
        { issuer: `${issuer}2`, keepsIds: true },
      ],
      'AUTH_ISSUERS: one issuer alone may keep ids (keepsIds)',
    ],
  ])('%j are refused', (issuers, fault) => {
    expect(refused(issuers)).toEqual([fault]);
  });

  it('are not said in two ways, and not without a way to their keys', () => {
    expect(faultsOf({ ...external, AUTH_ISSUERS: JSON.stringify([{ issuer }]) }).slice(1)).toEqual([
      'AUTH_ISSUER: has no effect beside AUTH_ISSUERS; say it there',
      'AUTH_JWKS_URL: has no effect beside AUTH_ISSUERS; say it there',
    ]);
    expect(faultsOf({ ...database, AUTH_ISSUER: 'acme' }).slice(1)).toEqual([
      'AUTH_JWKS_URL: is required where AUTH_ISSUER is no URL, at which it could be found out',
    ]);
    expect(faultsOf({ ...external, AUTH_PRESET: 'google' }).slice(1)).toEqual([
      'AUTH_AUDIENCE: is required with this preset: its issuer makes tokens for the applications of others too',
    ]);
    expect(faultsOf({ ...database, AUTH_ISSUERS: '/nowhere/issuers.json' }).slice(1)).toEqual([
      'AUTH_ISSUERS: must be a list of issuers in JSON, or the path of a file of it, which cannot be read (ENOENT)',
    ]);
  });

  it('may be written in lines, and are told to be no JSON without a word of what they say', () => {
    const lines = JSON.stringify([{ issuer, preset: 'keycloak' }], null, '\t').replaceAll('\n', '\r\n');

    expect(readEnvironment({ ...database, AUTH_ISSUERS: lines }).auth).toMatchObject([{ issuer }]);
    for (const broken of ['[{ issuer: "hunter2" }]', '[{"issuer": "hunter2",}]', '{"jwksUrl": "hunter2"']) {
      expect(faultsOf({ ...database, AUTH_ISSUERS: broken }).slice(1)).toEqual([
        expect.stringMatching(/^AUTH_ISSUERS: is no valid JSON( at position \d+( \(line \d+ column \d+\))?)?$/),
      ]);
    }
    expect(faultsOf({ ...database, AUTH_ISSUERS: JSON.stringify({ issuer }) }).slice(1)).toEqual([
      'AUTH_ISSUERS: must be a list of issuers',
    ]);
  });

  it('may have claims of their own where those of the preset are, beside all that they need', () => {
    const organizationClaim = 'app_metadata.organization';
    const own = { organizationClaim, roleClaim: 'app_metadata.role', roles: { boss: 'OWNER' }, teamsClaim: null };

    expect(issuersOf([{ issuer, preset: 'supabase', ...own }])[0]?.mapping).toEqual({ ...presets.supabase, ...own });
    expect(issuersOf([{ issuer, preset: 'google', audience: 'web' }])[0]).toMatchObject({ audience: 'web' });
  });

  it('may be one, by its preset alone, which says whether somebody may act as somebody else', () => {
    const { auth } = readEnvironment({
      ...database,
      AUTH_ISSUER: issuer,
      AUTH_PRESET: 'keycloak',
      AUTH_IMPERSONATION: 'deny',
    });

    expect(auth).toMatchObject([{ issuer, mapping: presets.keycloak, keepsIds: true, refusesImpersonation: true }]);
  });
});
