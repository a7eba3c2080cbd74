import { of } from './mutant.ts';

export const ofAuth = [
  ...of('token', [
    { fault: 'a secret may sign', is: `const algorithms = [`, becomes: `const algorithms = [\n  'HS256',` },
    { fault: 'the issuer is not checked', is: '    issuer,\n    ...(audience', becomes: '    ...(audience' },
    { fault: 'the audience is not checked', is: 'audience === undefined ? {} : { audience }', becomes: '{}' },
    {
      fault: 'a token holds for an hour after its end',
      is: 'const clockTolerance = 5;',
      becomes: 'const clockTolerance = 3600;',
    },
    { fault: 'a pending session is signed in', is: `if (sts === 'pending')`, becomes: 'if (false)' },
    { fault: 'an issuer that a token does not name verifies it', is: 'issuer === iss', becomes: 'true || iss' },
    { fault: 'a name may stand twice', is: 'if (!isUnambiguous(token))', becomes: 'if (false)' },
    { fault: 'a token may be long', is: 'if (token.length > maxTokenLength)', becomes: 'if (false)' },

    {
      fault: 'keys are not fetched for a token with a new one',
      is: 'mayBeOfNewKey(error) && (await renew?.())',
      becomes: 'false',
    },
    { fault: 'an issuer that is away makes tokens invalid', is: 'status?.() != null', becomes: 'false' },
  ]),
  ...of('claims', [
    { fault: 'claims of version 1 that were left in win', is: 'if (version === 2) {', becomes: 'if (false) {' },
    { fault: 'an unknown version is taken for the first', is: 'if (!isVersion1) throw', becomes: 'if (false) throw' },
    { fault: 'any subject is a user', is: 'if (!isName(subject)) throw new', becomes: 'if (false) throw new' },
    {
      fault: 'subjects of every issuer keep ids of ours',
      is: 'userIdOf(identity, keepsIds)',
      becomes: 'userIdOf(identity, true)',
    },
    {
      fault: 'organizations of every issuer keep ids of ours',
      is: 'id: keepsIds && organizationId',
      becomes: 'id: organizationId',
    },
    {
      fault: 'a token for another party is accepted',
      is: 'if (authorizedParties && ',
      becomes: 'if (false && authorizedParties && ',
    },
    {
      fault: 'an address that was not verified is believed',
      is: 'email !== null && isVerified && ',
      becomes: 'email !== null && ',
    },
    { fault: 'anybody may act as somebody else', is: 'if (refusesImpersonation) {', becomes: 'if (false) {' },
  ]),
  ...of('claims mapping', [
    {
      fault: 'the first of several organizations is entered',
      is: 'if (others.length > 0) throw',
      becomes: 'if (false) throw',
    },
    { fault: 'an unknown role is that of an admin', is: '?? Role.MEMBER', becomes: '?? Role.ADMIN' },
    { fault: 'the lowest of several roles counts', is: 'ranks.find(', becomes: 'ranks.toReversed().find(' },
    {
      fault: 'a claim whose name has dots is not found',
      is: 'if (Object.hasOwn(payload, path)) return',
      becomes: "if (!path.includes('.') && Object.hasOwn(payload, path)) return",
    },
    {
      fault: 'who has left the last team stays in it',
      is: 'const named = textsAt(payload, path) ?? [];',
      becomes: 'const named = textsAt(payload, path);\n  if (named === undefined) return null;',
    },
    {
      fault: 'too many teams are none',
      is: 'path === null || isElsewhere(payload, path)',
      becomes: 'path === null || (void isElsewhere, false)',
    },
    {
      fault: 'an organization is known by its alias though it has an id',
      is: "isObject(entry) && Object.hasOwn(entry, 'id') ? entry.id : alias",
      becomes: '(void entry, alias)',
    },
    {
      fault: 'an organization has no name where an object names it',
      is: 'isObject(value) ? Object.keys(value) : [value].flat();\n  return',
      becomes: '[value].flat();\n  return',
    },
  ]),
  ...of('mapping faults', [
    {
      fault: 'what users write decides',
      is: "writtenByUsers.test(given[setting] ?? '')",
      becomes: "false && writtenByUsers.test(given[setting] ?? '')",
    },
    { fault: 'a claim that has no effect is accepted', is: 'mapping[other] === null', becomes: 'false' },
  ]),
  ...of('presets', [
    {
      fault: 'an organization of Clerk with stock roles has no owner',
      is: "'org:admin': 'OWNER', admin: 'OWNER'",
      becomes: "'org:admin': 'ADMIN', admin: 'ADMIN'",
    },
    {
      fault: 'roles of a realm count in all its organizations',
      is: "organizationNameClaim: 'organization',",
      becomes:
        "organizationNameClaim: 'organization',\n    roleClaim: 'realm_access.roles',\n    roles: { admin: 'OWNER' },",
    },
    { fault: 'a user of Entra is another at each application', is: "userClaim: 'oid'", becomes: "userClaim: 'sub'" },
    {
      fault: 'any address that Entra has is believed',
      is: "emailVerifiedClaim: 'xms_edov'",
      becomes: "emailVerifiedClaim: 'ver'",
    },
    { fault: 'a user of Okta is a login', is: "userClaim: 'uid'", becomes: "userClaim: 'sub'" },
    {
      fault: 'what a user of Supabase says of its address is believed',
      is: "nameClaim: 'user_metadata.name'",
      becomes: "emailVerifiedClaim: 'user_metadata.email_verified', nameClaim: 'user_metadata.name'",
    },
    {
      fault: 'tokens for the applications of others are accepted',
      is: "['entra', 'google'] satisfies",
      becomes: '[] satisfies',
    },
  ]),
  ...of('sign-in cache', [
    {
      fault: 'nothing is cached',
      is: 'const user = users.get(userTag);',
      becomes: 'const user = undefined as KnownUser | undefined;',
    },
    {
      fault: 'a user of another identity is found',
      is: 'if (!user || !known || ',
      becomes: 'if (!user) return undefined;\n      if (known && ',
    },
    { fault: 'new teams are not noticed', is: '!areToUpdate(teams', becomes: 'true || !areToUpdate(teams' },
    { fault: 'a deleted organization is entered from the cache', is: 'known !== undefined &&\n', becomes: '\n' },
    {
      fault: 'what was read before the tag was taken is cached',
      is: 'if (userId !== reading.userId) {',
      becomes: 'if (false) {',
    },
  ]),
  ...of('first sign-in', [
    {
      fault: 'who comes first is no owner',
      is: 'const isOwned = isNew && ownerId !== null;',
      becomes: 'const isOwned = false && ownerId !== null;',
    },
    { fault: 'who comes later is an owner too', is: 'const isOwned = isNew && ', becomes: 'const isOwned = ' },
  ]),
  ...of('session error', [
    { fault: 'an expired token is not said to be', is: 'error instanceof errors.JWTExpired', becomes: 'false' },
    { fault: 'what was expected is not logged', is: 'mismatchOf(error, expected)', becomes: 'undefined' },
    {
      fault: 'a bad signature is not said to be',
      is: `return invalidSession('TOKEN_SIGNATURE')`,
      becomes: `return invalidSession('TOKEN_MALFORMED')`,
    },
    { fault: 'the log holds all that a token says', is: '.slice(0, 200)', becomes: '' },
  ]),
  ...of('verified tokens', [
    { fault: 'a token is believed for an hour', is: 'longestMs = 60_000', becomes: 'longestMs = 3_600_000' },
    {
      fault: 'a token is believed past its end',
      is: 'Math.min(now + longestMs, claims.validUntil)',
      becomes: 'now + longestMs',
    },
    { fault: 'tokens are kept where none shall be', is: 'claims && maxEntries > 0', becomes: 'claims' },
    {
      fault: 'no token is known again',
      is: 'known && Date.now() < known.until ? known.claims : undefined',
      becomes: 'known && (undefined as never)',
    },
  ]),
  ...of('session', [
    {
      fault: 'no user is cached',
      is: 'const known = claims && signIns.find(claims, now);',
      becomes: 'const known = undefined as KnownSignIn | undefined;',
    },
    {
      fault: 'a role that is kept here is ignored',
      is: 'memberships.get(organizationId',
      becomes: 'new Map<string, never>().get(organizationId',
    },
    {
      fault: 'a token gives access to whom the directory has deactivated',
      is: 'isDeactivated ? [] : ',
      becomes: '',
    },
    {
      fault: 'who is in an organization by its token is in all',
      is: 'new Map(isDeactivated ? [] : [[organizationId, role]])',
      becomes: 'new Map(isDeactivated ? [] : [...memberships, [organizationId, role]])',
    },
    {
      fault: 'the database is asked about a token that says where',
      is: 'membershipFromToken: organization !== null',
      becomes: 'membershipFromToken: false',
    },
    {
      fault: 'the roles that tokens name share cached answers',
      is: ` \${organizationId} \${role}\``,
      becomes: ` \${organizationId}\``,
    },
    {
      fault: 'the organizations that tokens name share cached answers',
      is: `\${userId} \${organizationId} \${role}`,
      becomes: `\${userId} \${role}`,
    },
    {
      fault: 'another scheme than Bearer is anonymous',
      is: `throw new UnauthenticatedError('Expected "Authorization: Bearer <token>"', 'NO_BEARER_TOKEN');`,
      becomes: 'return { ...anonymous };',
    },
    {
      fault: 'all strangers are one object',
      is: 'if (authorization === null) return { ...anonymous };\n      const token = bearerOf(authorization);\n      if (token === undefined) return undefined;',
      becomes:
        'if (authorization === null) return anonymous;\n      const token = bearerOf(authorization);\n      if (token === undefined) return undefined;',
    },
  ]),
  ...of('keys of services', [
    { fault: 'a revoked key lets in', is: `if (status === 'REVOKED') throw`, becomes: 'if (false) throw' },
    { fault: 'an expired key lets in', is: `if (status === 'EXPIRED') throw`, becomes: 'if (false) throw' },
    {
      fault: 'a cached key lets in past its end',
      is: `apiKeyStatusOf(known.key, now) === 'ACTIVE'`,
      becomes: 'true',
    },
    { fault: 'the former token of a key lets in', is: 'known?.hash === hash &&', becomes: '!!known &&' },
    {
      fault: 'what was read before the tag was taken is cached',
      is: 'id === key.id ? takenTag : staleTag',
      becomes: 'tags.take(key.id)',
    },
    { fault: 'no key is cached', is: 'keys.set(tag, { hash, key });', becomes: '' },
    {
      fault: 'a key never ends for a stream',
      is: 'expiresAt.getTime() - now.getTime()',
      becomes: 'Number.POSITIVE_INFINITY',
    },
  ]),
  ...of('API key', [
    {
      fault: 'a key has all scopes',
      is: 'apiKeyScopes.filter((scope) => scopes.includes(scope))',
      becomes: '(void scopes, [...apiKeyScopes])',
    },
  ]),
  ...of('platform key', [
    {
      fault: 'a platform key has all scopes',
      is: 'platformKeyScopes.filter((scope) => scopes.includes(scope))',
      becomes: '(void scopes, [...platformKeyScopes])',
    },
    {
      fault: 'a platform key acts in organizations that do not exist',
      is: 'organizationId, exists ? [organizationId] : []',
      becomes: 'organizationId, exists || organizationId !== null ? [organizationId as string] : []',
    },
    {
      fault: 'a platform key acts on in an organization that is gone',
      is: '!organizations.has(organizationId)',
      becomes: '(void organizations, false)',
    },
    {
      fault: 'organizations share the answers for a platform key',
      is: 'organizationId === undefined ? id :',
      becomes: 'id !== organizationId ? id :',
    },
  ]),
  ...of('credentials', [
    { fault: 'X-API-Key counts for the graph', is: `if (!path.startsWith('/v1/')) return authorization;`, becomes: '' },
    { fault: 'X-API-Key does not count', is: 'apiKey === null ? null', becomes: 'true ? null' },
    {
      fault: 'X-API-Key counts beside another token',
      is: 'if (authorization !== null) {',
      becomes: `if (authorization !== null && !headers.get('x-api-key')) {`,
    },
    {
      fault: 'an API key needs its scheme',
      is: 'isApiKeyToken(authorization) ||',
      becomes: '(void isApiKeyToken, false) ||',
    },
  ]),
  ...of('issuer keys', [
    {
      fault: 'keys are believed for ever',
      is: 'maxStaleMs = 24 * 60 * minutes',
      becomes: 'maxStaleMs = 1e12 * minutes',
    },
    { fault: 'keys are never fetched again', is: 'clock() - accepted.fetchedAt >= refreshMs', becomes: 'false' },
    { fault: 'keys of long ago are used', is: '!accepted || clock() - triedAt >= idleMs', becomes: '!accepted' },
    {
      fault: 'an issuer is asked with each token',
      is: 'clock() - triedAt >= (acceptedKeys() ? cooldownMs : cooldownWithoutKeysMs)',
      becomes: 'true',
    },
    { fault: 'each caller fetches for itself', is: 'pending ??= tryToFetch()', becomes: 'pending = tryToFetch()' },
    {
      fault: 'that an issuer is away is logged with each request',
      is: 'if ((now?.keys ?? null) === loggedStatus) return;',
      becomes: '',
    },
    { fault: 'an issuer that is back is not said to be', is: 'failure = undefined;', becomes: '' },
  ]),
  ...of('key set', [
    { fault: 'a private key is accepted', is: 'd: z.never().exactOptional(),', becomes: '' },
    { fault: 'a short RSA key is accepted', is: 'minRsaBits = 2_048', becomes: 'minRsaBits = 512' },
    { fault: 'a key for encryption verifies', is: `use: z.literal('sig').exactOptional(),`, becomes: '' },
  ]),
  ...of('fetching of keys', [
    { fault: 'an answer of any length is read', is: 'if (bytes > maxBytes)', becomes: 'if (false)' },
    { fault: 'redirects are followed', is: `redirect: 'manual'`, becomes: `redirect: 'follow'` },
    {
      fault: 'a fault tells the URL',
      is: `/^[A-Z0-9_]+$/.test(code) ? \` (\${code})\` : ''`,
      becomes: '(void code, String(error) + String(cause))',
    },
    { fault: 'an answer with another status counts', is: 'response.status === 200', becomes: 'response.status > 0' },
    {
      fault: 'the password of the URL is not sent',
      is: `headers.set('authorization'`,
      becomes: `headers.set('x-authorization'`,
    },
  ]),
  ...of('verification of tokens', [
    { fault: 'any number of keys is tried', is: 'tried === maxCandidates', becomes: 'false' },
    { fault: 'only the first key is tried', is: 'tried === maxCandidates', becomes: 'true' },
    {
      fault: 'several keys that fit are a refusal',
      is: 'return verifyWithEach(token, error, options);',
      becomes: 'throw (void verifyWithEach, error);',
    },
  ]),
  ...of('gateway signature', [
    {
      fault: 'a token that a gateway forwards need not be signed',
      is: 'if (isObject(payload) && isSignatureOf(withForwarded(textOf(params), params), params, secret)) return payload;',
      becomes: 'if (isObject(payload)) return (void secret, payload);',
    },
    {
      fault: 'a signature of the call alone is enough for the token that is forwarded',
      is: 'isSignatureOf(withForwarded(textOf(params), params), params, secret)) return payload;',
      becomes: 'isSigned(params, secret)) return payload;',
    },
    {
      fault: 'a signature does not depend on the variables',
      is: '...(hasVariables ? { variables } : {})',
      becomes: '...(hasVariables ? {} : {})',
    },
    {
      fault: 'any signature is right that is as long as the right one',
      is: ' && timingSafeEqual(given, expected)',
      becomes: ' && (void timingSafeEqual, true)',
    },
  ]),
  ...of('permissions', [
    {
      fault: 'members change the settings',
      is: `updateModelSettings: { roles: admins,`,
      becomes: `updateModelSettings: { roles: everyone,`,
    },
    {
      fault: 'members read the history',
      is: 'readRevisions: { roles: admins }',
      becomes: 'readRevisions: { roles: everyone }',
    },
    {
      fault: 'members change shared configurations',
      is: 'writeOrganizationConfigs: { roles: admins }',
      becomes: 'writeOrganizationConfigs: { roles: everyone }',
    },
    {
      fault: 'members manage provider keys',
      is: 'manageProviderKeys: { roles: admins }',
      becomes: 'manageProviderKeys: { roles: everyone }',
    },
    {
      fault: 'owners are given the plaintext of keys',
      is: 'useProviderKeys: { roles: []',
      becomes: 'useProviderKeys: { roles: owners',
    },
    {
      fault: 'admins manage API keys',
      is: 'manageApiKeys: { roles: owners,',
      becomes: 'manageApiKeys: { roles: admins,',
    },
    {
      fault: 'admins are never given the management of API keys',
      is: `settings[delegatedBy] === 'ADMINS'`,
      becomes: 'settings[delegatedBy] === delegatedBy',
    },
    {
      fault: 'members are given what admins are',
      is: `role === 'ADMIN' && delegatedBy !== undefined && settings`,
      becomes: 'delegatedBy !== undefined && settings',
    },
    {
      fault: 'admins change the organization',
      is: 'updateOrganization: { roles: owners,',
      becomes: 'updateOrganization: { roles: admins,',
    },
    {
      fault: 'admins manage members',
      is: 'manageMembers: { roles: owners }',
      becomes: 'manageMembers: { roles: admins }',
    },
    { fault: 'members record usage', is: 'recordUsage: { roles: admins', becomes: 'recordUsage: { roles: everyone' },
    {
      fault: 'a key acts in every organization',
      is: 'service.organizationIds.includes(organizationId) && hasScope',
      becomes: 'hasScope',
    },
    { fault: 'a key needs no scope', is: ' && service.scopes.includes(scope);', becomes: ';' },
    {
      fault: 'a platform key needs no scope',
      is: ' && service.scopes.includes(platformScope)',
      becomes: '',
    },
    {
      fault: 'a key with any scope may all',
      is: 'scope !== undefined && service.scopes.includes(scope)',
      becomes: 'true',
    },
    {
      fault: 'any role may all',
      is: 'role !== undefined && hasPermission(role, permission, settings)',
      becomes: 'role !== undefined',
    },
    {
      fault: 'a stranger is told that an organization exists',
      is: 'if (!isInside) return namesNone',
      becomes: 'if (!isInside && namesNone(service)) return namesNone',
    },
    {
      fault: 'the anonymous are not sent to sign in',
      is: `if (kind === 'ANONYMOUS') throw new UnauthenticatedError();`,
      becomes: '(void kind);',
    },
    {
      fault: 'the anonymous are told as strangers are',
      is: '  authenticate(viewer);\n  throw denial',
      becomes: '  throw denial',
    },
  ]),
  ...of('delegation', [
    {
      fault: 'the settings of the organization do not count',
      is: 'matters ? states.load(organizationId) : nothingDelegated;\n  return withLoaded(settings, (known) => {',
      becomes: '(void states, nothingDelegated);\n  return withLoaded(settings, (known) => {',
    },
    {
      fault: 'an answer does not remember what was delegated for it',
      is: 'viewer.delegated.add(',
      becomes: 'new Set<string>().add(',
    },
    {
      fault: 'admins give API keys every scope',
      is: `if (role === 'OWNER') return true;`,
      becomes: 'if (role) return true;',
    },
    {
      fault: 'admins give API keys no scope',
      is: '!rolesWith(scope).includes(role)',
      becomes: 'rolesWith(scope) !== undefined',
    },
  ]),
  ...of('auth scopes', [
    { fault: 'an API key is a person', is: 'if (viewer.service) throw', becomes: 'if (false) throw' },
    {
      fault: 'members change shared configurations as their own',
      is: `config.userId === null ? 'writeOrganizationConfigs' : 'writeOwnConfigs'`,
      becomes: `'writeOwnConfigs'`,
    },
    {
      fault: 'an absent configuration is refused otherwise than a foreign one',
      is: 'if (!config) throw new NotFoundError();',
      becomes: `if (!config) throw new ForbiddenError('INSUFFICIENT_PERMISSIONS', 'absent');`,
    },
    {
      fault: 'a permission on an object is not asked for',
      is: 'organizationId === null) throw new NotFoundError();\n    return authorizeIn(context, permission, organizationId);',
      becomes: 'organizationId === null) throw new NotFoundError();\n    return (void permission, true);',
    },
    {
      fault: 'a permission in an organization is not asked for',
      is: '(organizationId) => authorizeIn(context, permission, organizationId)',
      becomes: '(organizationId) => (void [context, permission, organizationId], true)',
    },
    {
      fault: 'a provider key is changed by who may use it',
      is: `permissionOn(this.#context, 'manageProviderKeys'`,
      becomes: `permissionOn(this.#context, 'useProviderKeys'`,
    },
    {
      fault: 'an absent key is refused otherwise than a foreign one',
      is: 'if (organizationId === null) throw new NotFoundError();',
      becomes: 'if (organizationId === null) throw new UnauthenticatedError();',
    },
  ]),
  ...of('visibility', [
    {
      fault: 'hidden rows are shown',
      is: 'if (isVisible === true) return row;',
      becomes: 'if (isVisible !== undefined) return row;',
    },
    {
      fault: 'a row is shown while it is checked',
      is: 'answer instanceof Promise ? answer.then((late) => shown(row, late)) : shown(row, answer)',
      becomes: 'answer instanceof Promise ? row : shown(row, answer)',
    },
    {
      fault: 'rows of an interface or a union are not checked',
      is: `kind === 'Interface' || kind === 'Union' ?`,
      becomes: 'false ?',
    },
    {
      fault: 'rows of a list are not checked',
      is: `if (type.kind !== 'List') return one;`,
      becomes: `if (type.kind !== 'List') return one;\n  if (type.kind === 'List') return (rows) => rows;`,
    },
    {
      fault: 'a hidden row in a nullable place is an error',
      is: 'hiddenAsNull ? nullWhereHidden(isVisible) :',
      becomes: 'false ? nullWhereHidden(isVisible) :',
    },
  ]),
  ...of('visibility of users', [
    {
      fault: 'a key without the scope to read knows people',
      is: `if (viewer.service && !viewer.service.scopes.includes('read')) return false;`,
      becomes: '',
    },
    { fault: 'everybody knows everybody', is: '(user) => user !== null', becomes: '() => true' },
    { fault: 'nobody knows itself', is: 'return id === viewer.userId ||', becomes: 'return' },
    {
      fault: 'an e-mail address is told to others',
      is: 'id === viewer.userId ? email : null',
      becomes: '(void [id, viewer], email)',
    },
  ]),
  ...of('visibility of configurations', [
    {
      fault: "another user's configuration is seen",
      is: ' && (userId === null || userId === viewer.userId)',
      becomes: '',
    },
    {
      fault: 'a configuration is seen without membership',
      is: `authorize(viewer, 'readOrganization', organizationId) && (`,
      becomes: '(void organizationId, true) && (',
    },
  ]),
  ...of('viewer', [
    {
      fault: 'the database is asked about a role that a token names',
      is: ' && !membershipFromToken ?',
      becomes: ' && (void membershipFromToken, true) ?',
    },
    {
      fault: 'an API key is not asked about again',
      is: "key === 'API' ? reauthorizeApiKey(tx, keyId)",
      becomes: "key === 'API' ? (void reauthorizeApiKey, Promise.resolve())",
    },
    {
      fault: 'a platform key is not asked about again',
      is: ': reauthorizePlatformKey(tx, keyId);',
      becomes: ': (void reauthorizePlatformKey, tx, keyId, Promise.resolve());',
    },
    {
      fault: 'a member is not asked about again',
      is: 'if (member) await reauthorizeMember(tx, member);',
      becomes: '(void reauthorizeMember, member);',
    },
    {
      fault: 'who becomes a member is none for the rest of its request',
      is: '[...viewer.memberships, [organizationId, role]]',
      becomes: '[...viewer.memberships]',
    },
  ]),
];
