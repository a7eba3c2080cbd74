interface MutatedModule {
  path: string;
  /** Those that must notice a fault in it. The first runs alone, and the others where it does not notice. */
  tests: readonly [string, ...string[]];
}

/** Where the modules lie that faults are made in, and their tests. */
export const modules = {
  policy: {
    path: 'src/policy/policy.ts',
    tests: ['test/policy/policy.test.ts', 'test/policy/decisions.test.ts', 'test/schema/model-kind.test.ts'],
  },
  'effective default': {
    path: 'src/domain/configs/effective-default.ts',
    tests: ['test/domain/effective-default.test.ts', 'test/schema/model-config-list.test.ts'],
  },
  'default chain': {
    path: 'src/policy/default-chain.ts',
    tests: ['test/domain/effective-default.test.ts', 'test/schema/model-config-list.test.ts'],
  },
  'list changes': {
    path: 'src/domain/policy/list-change.ts',
    tests: ['test/domain/list-change.test.ts'],
  },
  'scope changes': {
    path: 'src/domain/policy/scope-change.ts',
    tests: ['test/schema/scope-policy.test.ts'],
  },
  'asked subject': {
    path: 'src/schema/models/asked-subject.ts',
    tests: ['test/schema/asked-subject.test.ts', 'test/schema/access.test.ts'],
  },
  'access query': {
    path: 'src/schema/models/access-query.ts',
    tests: ['test/schema/asked-subject.test.ts'],
  },
  'available models': {
    path: 'src/schema/models/model-list.ts',
    tests: ['test/schema/available-models.test.ts', 'test/schema/asked-subject.test.ts'],
  },
  'exception subjects': {
    path: 'src/domain/exceptions/exception-subject.ts',
    tests: ['test/schema/model-exception-subject.test.ts'],
  },
  'exception creation': {
    path: 'src/domain/exceptions/exception-creation.ts',
    tests: ['test/schema/model-exception.test.ts', 'test/schema/model-exception-subject.test.ts'],
  },
  'exception limits': {
    path: 'src/domain/exceptions/exception-limits.ts',
    tests: ['test/schema/model-exception.test.ts'],
  },
  'exception decisions': {
    path: 'src/domain/exceptions/exception-decision.ts',
    tests: [
      'test/schema/model-exception.test.ts',
      'test/schema/model-exception-subject.test.ts',
      'test/schema/model-exception-access.test.ts',
    ],
  },
  'exception list': {
    path: 'src/domain/exceptions/exception-list.ts',
    tests: ['test/schema/model-exception-access.test.ts'],
  },
  'exception visibility': {
    path: 'src/schema/exceptions/exception.ts',
    tests: ['test/schema/model-exception-access.test.ts', 'test/schema/routes.test.ts'],
  },
  rules: {
    path: 'src/policy/rules.ts',
    tests: ['test/policy/decisions.test.ts', 'test/policy/policy.test.ts', 'test/policy/review.test.ts'],
  },
  'selector index': {
    path: 'src/policy/selector-index.ts',
    tests: ['test/policy/decisions.test.ts', 'test/policy/model-selector.test.ts'],
  },
  comparison: {
    path: 'src/policy/comparison.ts',
    tests: ['test/policy/impact.test.ts', 'test/schema/policy-preview.test.ts'],
  },
  alias: {
    path: 'src/policy/alias.ts',
    tests: ['test/schema/model-alias.test.ts', 'test/schema/model-resolution.test.ts'],
  },
  explanation: {
    path: 'src/policy/explain.ts',
    tests: ['test/policy/decisions.test.ts', 'test/schema/access-cause.test.ts'],
  },
  'alias changes': { path: 'src/domain/policy/alias-change.ts', tests: ['test/schema/model-alias.test.ts'] },
  subjects: {
    path: 'src/domain/subjects/subject.ts',
    tests: ['test/domain/subjects.test.ts', 'test/schema/asked-subject.test.ts', 'test/scim/deactivation.test.ts'],
  },
  'decision reader': {
    path: 'src/domain/decisions/decision-reader.ts',
    tests: [
      'test/schema/asked-subject.test.ts',
      'test/schema/scope-policy.test.ts',
      'test/schema/policy-history.test.ts',
      'test/context.test.ts',
    ],
  },
  'policy spelling': { path: 'src/domain/policy/policy-spelling.ts', tests: ['test/schema/policy-document.test.ts'] },
  'policy change': {
    path: 'src/domain/policy/policy-change.ts',
    tests: [
      'test/schema/policy-preview.test.ts',
      'test/schema/model-settings.test.ts',
      'test/schema/model-kind.test.ts',
    ],
  },
  'policy check': {
    path: 'src/domain/policy/policy-check.ts',
    tests: [
      'test/schema/model-settings.test.ts',
      'test/schema/model-settings-lists.test.ts',
      'test/schema/policy-preview.test.ts',
    ],
  },
  review: { path: 'src/policy/review.ts', tests: ['test/policy/review.test.ts', 'test/schema/model-review.test.ts'] },
  'model reviews': { path: 'src/domain/policy/model-review.ts', tests: ['test/schema/model-review.test.ts'] },
  'selector patterns': { path: 'src/policy/selector-pattern.ts', tests: ['test/schema/model-selectors.test.ts'] },
  impact: { path: 'src/policy/impact.ts', tests: ['test/policy/impact.test.ts', 'test/schema/policy-preview.test.ts'] },
  selectors: {
    path: 'src/policy/model-selector.ts',
    tests: [
      'test/policy/model-selector.test.ts',
      'test/schema/model-selectors.test.ts',
      'test/schema/model-settings.test.ts',
      'test/schema/model-config.test.ts',
    ],
  },
  'policy input': {
    path: 'src/domain/policy/policy-input.ts',
    tests: ['test/schema/model-settings.test.ts', 'test/schema/model-kind.test.ts'],
  },
  'policy fields': {
    path: 'src/policy/policy-fields.ts',
    tests: ['test/schema/model-settings.test.ts', 'test/domain/policy-document.test.ts'],
  },
  'policy documents': {
    path: 'src/domain/policy/policy-document.ts',
    tests: ['test/domain/policy-document.test.ts', 'test/schema/policy-document.test.ts'],
  },
  YAML: { path: 'src/domain/policy/yaml-document.ts', tests: ['test/domain/policy-document.test.ts'] },
  'policy application': {
    path: 'src/domain/policy/policy-apply.ts',
    tests: ['test/schema/policy-document.test.ts'],
  },
  'model settings': {
    path: 'src/domain/settings/model-settings.ts',
    tests: [
      'test/schema/model-settings.test.ts',
      'test/schema/model-kind.test.ts',
      'test/schema/model-selectors.test.ts',
    ],
  },
  'key status': { path: 'src/domain/keys/key-status.ts', tests: ['test/schema/key-status.test.ts'] },
  ledger: {
    path: 'src/domain/ledger/ledger.ts',
    tests: [
      'test/domain/commit.test.ts',
      'test/domain/ledger.test.ts',
      'test/domain/ledger-queue.test.ts',
      'test/server/peers.test.ts',
    ],
  },
  'ledger entry': {
    path: 'src/domain/ledger/ledger-entry.ts',
    tests: [
      'test/domain/commit.test.ts',
      'test/domain/ledger.test.ts',
      'test/domain/ledger-queue.test.ts',
      'test/domain/reauthorize.test.ts',
      'test/domain/entry-hash.test.ts',
    ],
  },
  'optimistic commit': {
    path: 'src/domain/ledger/optimistic-commit.ts',
    tests: [
      'test/domain/commit.test.ts',
      'test/domain/ledger-queue.test.ts',
      'test/domain/ledger.test.ts',
      'test/domain/reauthorize.test.ts',
    ],
  },
  snapshot: {
    path: 'src/domain/ledger/snapshot.ts',
    tests: [
      'test/domain/ledger-queue.test.ts',
      'test/context.test.ts',
      'test/schema/key-status.test.ts',
      'test/schema/model-exception-decisions.test.ts',
    ],
  },
  'entry hash': { path: 'src/domain/ledger/entry-hash.ts', tests: ['test/domain/entry-hash.test.ts'] },
  'verify chain': { path: 'src/domain/ledger/verify-chain.ts', tests: ['test/domain/verify-chain.test.ts'] },
  checkpoint: { path: 'src/domain/checkpoints/checkpoint.ts', tests: ['test/domain/checkpoints.test.ts'] },
  'write checkpoints': {
    path: 'src/domain/checkpoints/write-checkpoints.ts',
    tests: ['test/domain/checkpoints.test.ts'],
  },
  'verify checkpoints': {
    path: 'src/domain/checkpoints/verify-checkpoints.ts',
    tests: ['test/domain/checkpoints.test.ts'],
  },
  reauthorization: {
    path: 'src/domain/ledger/reauthorize.ts',
    tests: ['test/domain/commit.test.ts', 'test/domain/reauthorize.test.ts', 'test/auth/platform-key.test.ts'],
  },
  revision: {
    path: 'src/domain/ledger/revision.ts',
    tests: [
      'test/domain/revision.test.ts',
      'test/schema/model-settings.test.ts',
      'test/schema/model-config-list.test.ts',
      'test/schema/node.test.ts',
      'test/context.test.ts',
    ],
  },
  'revision log': {
    path: 'src/domain/feed/revision-log.ts',
    tests: [
      'test/domain/revision-log.test.ts',
      'test/schema/organization-revision.test.ts',
      'test/schema/revision-stream.test.ts',
    ],
  },
  'revision stream': {
    path: 'src/domain/feed/revision-stream.ts',
    tests: [
      'test/domain/revision-stream.test.ts',
      'test/schema/organization-revision.test.ts',
      'test/schema/revision-stream.test.ts',
    ],
  },
  'revision hub': {
    path: 'src/domain/feed/revision-hub.ts',
    tests: [
      'test/domain/revision-hub.test.ts',
      'test/schema/organization-revision.test.ts',
      'test/schema/revision-stream.test.ts',
    ],
  },
  refusal: { path: 'src/domain/refusals/refusal.ts', tests: ['test/schema/model-refusal.test.ts'] },
  'name limit': { path: 'src/domain/refusals/name-limit.ts', tests: ['test/domain/refusal-counter.test.ts'] },
  'refusal counter': { path: 'src/domain/refusals/refusal-counter.ts', tests: ['test/domain/refusal-counter.test.ts'] },
  'refusal store': { path: 'src/domain/refusals/refusal-store.ts', tests: ['test/domain/refusal-counter.test.ts'] },
  'refusal list': { path: 'src/domain/refusals/refusal-list.ts', tests: ['test/schema/model-refusal.test.ts'] },
  vault: { path: 'src/domain/vault/vault.ts', tests: ['test/domain/vault.test.ts'] },
  'master keys': { path: 'src/domain/vault/master-keys.ts', tests: ['test/domain/master-keys.test.ts'] },
  'master key rotation': {
    path: 'src/domain/vault/master-key-rotation.ts',
    tests: ['test/domain/master-key-rotation.test.ts'],
  },
  token: {
    path: 'src/auth/token.ts',
    tests: ['test/auth/token.test.ts', 'test/auth/identity.test.ts', 'test/auth/issuer-keys.test.ts'],
  },
  claims: { path: 'src/auth/claims.ts', tests: ['test/auth/token.test.ts', 'test/auth/identity.test.ts'] },
  'claims mapping': {
    path: 'src/auth/claims-mapping.ts',
    tests: ['test/auth/claims-mapping.test.ts', 'test/auth/presets.test.ts', 'test/auth/identity.test.ts'],
  },
  'mapping faults': { path: 'src/auth/mapping-faults.ts', tests: ['test/environment/environment.test.ts'] },
  presets: {
    path: 'src/auth/presets.ts',
    tests: ['test/auth/presets.test.ts', 'test/environment/environment.test.ts'],
  },
  'sign-in cache': {
    path: 'src/auth/sign-in-cache.ts',
    tests: ['test/auth/identity.test.ts', 'test/auth/session.test.ts', 'test/domain/teams-of-users.test.ts'],
  },
  'first sign-in': { path: 'src/domain/organizations/first-sign-in.ts', tests: ['test/auth/identity.test.ts'] },
  'session error': { path: 'src/auth/session-error.ts', tests: ['test/auth/token.test.ts'] },
  'verified tokens': {
    path: 'src/auth/verified-tokens.ts',
    tests: ['test/auth/session.test.ts', 'test/server/cached-responses.test.ts'],
  },
  session: {
    path: 'src/auth/session.ts',
    tests: [
      'test/auth/session.test.ts',
      'test/auth/token.test.ts',
      'test/auth/identity.test.ts',
      'test/domain/reauthorize.test.ts',
      'test/scim/deactivation.test.ts',
      'test/server/cached-responses.test.ts',
      'test/scim/deactivation.test.ts',
    ],
  },
  'sign-in': { path: 'src/domain/organizations/sign-in.ts', tests: ['test/scim/deactivation.test.ts'] },
  'SCIM call': {
    path: 'src/scim/call.ts',
    tests: [
      'test/scim/okta.test.ts',
      'test/scim/rules.test.ts',
      'test/scim/hostile.test.ts',
      'test/scim/deactivation.test.ts',
    ],
  },
  'SCIM token': { path: 'src/domain/directory/scim-token.ts', tests: ['test/scim/access.test.ts'] },
  'directory access': { path: 'src/domain/directory/directory-access.ts', tests: ['test/scim/deactivation.test.ts'] },
  'directory users': {
    path: 'src/domain/directory/directory-user-change.ts',
    tests: ['test/scim/rules.test.ts', 'test/scim/okta.test.ts', 'test/scim/deactivation.test.ts'],
  },
  'directory identity': {
    path: 'src/domain/directory/directory-identity.ts',
    tests: ['test/scim/rules.test.ts', 'test/scim/access.test.ts'],
  },
  'directory groups': { path: 'src/domain/directory/directory-group-change.ts', tests: ['test/scim/access.test.ts'] },
  'team members': {
    path: 'src/domain/teams/team-members.ts',
    tests: [
      'test/scim/hostile.test.ts',
      'test/scim/okta.test.ts',
      'test/schema/team-change.test.ts',
      'test/schema/team-races.test.ts',
    ],
  },
  'team commits': {
    path: 'src/domain/teams/team-commit.ts',
    tests: ['test/schema/team-change.test.ts', 'test/schema/team-races.test.ts'],
  },
  'team changes': { path: 'src/domain/teams/team-change.ts', tests: ['test/schema/team-change.test.ts'] },
  'team input': { path: 'src/domain/teams/team-input.ts', tests: ['test/schema/team-change.test.ts'] },
  members: { path: 'src/domain/organizations/membership-change.ts', tests: ['test/schema/team-races.test.ts'] },
  PATCH: {
    path: 'src/scim/patch-resource.ts',
    tests: ['test/scim/patch.property.test.ts', 'test/scim/entra.test.ts', 'test/scim/rules.test.ts'],
  },
  'API key': { path: 'src/auth/api-key.ts', tests: ['test/auth/api-key.test.ts'] },
  'platform key': {
    path: 'src/auth/platform-key.ts',
    tests: ['test/auth/platform-key.test.ts', 'test/auth/session.test.ts'],
  },
  'keys of services': {
    path: 'src/auth/service-key.ts',
    tests: ['test/auth/api-key.test.ts', 'test/auth/session.test.ts'],
  },
  credentials: { path: 'src/auth/credentials.ts', tests: ['test/rest/organization-of.test.ts'] },
  'issuer keys': { path: 'src/auth/issuer-keys.ts', tests: ['test/auth/issuer-keys.test.ts'] },
  'key set': { path: 'src/auth/key-set.ts', tests: ['test/auth/issuer-keys.test.ts'] },
  'fetching of keys': { path: 'src/auth/fetch-document.ts', tests: ['test/auth/issuer-keys.test.ts'] },
  'verification of tokens': { path: 'src/auth/verify-jwt.ts', tests: ['test/auth/issuer-keys.test.ts'] },
  permissions: {
    path: 'src/auth/permissions.ts',
    tests: [
      'test/schema/access.test.ts',
      'test/auth/api-key.test.ts',
      'test/auth/platform-key.test.ts',
      'test/schema/api-key-managers.test.ts',
      'test/schema/mutations.test.ts',
      'test/schema/model-config.test.ts',
      'test/schema/provider-key-secret.test.ts',
      'test/schema/usage-record.test.ts',
    ],
  },
  delegation: { path: 'src/auth/delegation.ts', tests: ['test/schema/api-key-managers.test.ts'] },
  'auth scopes': {
    path: 'src/schema/plugins/auth-scopes.ts',
    tests: [
      'test/schema/access.test.ts',
      'test/schema/node.test.ts',
      'test/schema/model-config.test.ts',
      'test/schema/provider-key-access.test.ts',
      'test/schema/usage-service.test.ts',
      'test/auth/api-key.test.ts',
    ],
  },
  visibility: {
    path: 'src/schema/plugins/visibility-plugin.ts',
    tests: ['test/schema/visibility.test.ts', 'test/schema/node.test.ts'],
  },
  'visibility of users': {
    path: 'src/schema/organizations/user.ts',
    tests: [
      'test/auth/identity.test.ts',
      'test/schema/visibility.test.ts',
      'test/schema/node.test.ts',
      'test/auth/api-key.test.ts',
    ],
  },
  'visibility of configurations': {
    path: 'src/schema/configs/model-config.ts',
    tests: ['test/schema/visibility.test.ts', 'test/schema/node.test.ts', 'test/schema/model-config.test.ts'],
  },
  viewer: {
    path: 'src/auth/viewer.ts',
    tests: ['test/domain/reauthorize.test.ts', 'test/schema/organization.test.ts'],
  },
  tags: { path: 'src/cache/tags.ts', tests: ['test/cache/tags.test.ts', 'test/server/freshness.test.ts'] },
  'cache lease': {
    path: 'src/domain/feed/cache-lease.ts',
    tests: ['test/database/peers.test.ts', 'test/server/peers.test.ts', 'test/database/change-feed.test.ts'],
  },
  peers: { path: 'src/domain/feed/peers.ts', tests: ['test/database/peers.test.ts', 'test/server/peers.test.ts'] },
  'tagged cache': { path: 'src/cache/tagged-cache.ts', tests: ['test/cache/tags.test.ts', 'test/context.test.ts'] },
  dependencies: {
    path: 'src/cache/dependencies.ts',
    tests: ['test/context.test.ts', 'test/server/cached-responses.test.ts', 'test/server/response-cache.test.ts'],
  },
  loader: { path: 'src/domain/reading/loader.ts', tests: ['test/domain/loader.test.ts', 'test/context.test.ts'] },
  context: {
    path: 'src/context.ts',
    tests: [
      'test/context.test.ts',
      'test/server/cached-responses.test.ts',
      'test/server/freshness.test.ts',
      'test/server/decision-ends.test.ts',
    ],
  },
  'response cache': {
    path: 'src/server/request/response-cache.ts',
    tests: ['test/server/response-cache.test.ts', 'test/server/cached-responses.test.ts'],
  },
  'filling of the response cache': {
    path: 'src/server/plugins/use-response-cache.ts',
    tests: ['test/server/response-cache.test.ts', 'test/server/cached-responses.test.ts'],
  },
  'response lookup': {
    path: 'src/server/fast-path/response-lookup.ts',
    tests: [
      'test/server/cached-responses.test.ts',
      'test/server/rate-limit.test.ts',
      'test/schema/model-refusal.test.ts',
    ],
  },
  'compiled cost': {
    path: 'src/server/limits/compiled-cost.ts',
    tests: ['test/server/document-plan.test.ts', 'test/server/complexity.test.ts'],
  },
  'document plan': {
    path: 'src/server/limits/document-plan.ts',
    tests: [
      'test/server/document-plan.test.ts',
      'test/server/complexity.test.ts',
      'test/server/list-limits.test.ts',
      'test/server/introspection.test.ts',
      'test/server/subgraph-signature.test.ts',
    ],
  },
  'gateway signature': {
    path: 'src/server/request/gateway-signature.ts',
    tests: ['test/server/forwarded-jwt.test.ts', 'test/server/subgraph-signature.test.ts'],
  },
  'query compiler': {
    path: 'src/server/plugins/compile-query.ts',
    tests: ['test/server/compiled-queries.test.ts'],
  },
  'compiled queries': {
    path: 'src/server/plugins/use-compiled-queries.ts',
    tests: ['test/server/compiled-queries.test.ts'],
  },
  'AuthZEN evaluator': {
    path: 'src/decision-points/authzen/evaluator.ts',
    tests: ['test/decision-points/authzen-evaluation.test.ts', 'test/decision-points/authzen-platform-key.test.ts'],
  },
  'AuthZEN texts': {
    path: 'src/decision-points/authzen/decision-texts.ts',
    tests: ['test/decision-points/authzen-evaluation.test.ts', 'test/decision-points/authzen-batch.test.ts'],
  },
  'AuthZEN batch': {
    path: 'src/decision-points/authzen/batch.ts',
    tests: ['test/decision-points/authzen-batch.test.ts'],
  },
  'AuthZEN entities': {
    path: 'src/decision-points/authzen/entities.ts',
    tests: ['test/decision-points/authzen-batch.test.ts'],
  },
  'AuthZEN pages': {
    path: 'src/decision-points/authzen/pages.ts',
    tests: ['test/decision-points/authzen-search.test.ts'],
  },
  'narrower decisions': { path: 'src/policy/decisions.ts', tests: ['test/decision-points/authzen-evaluation.test.ts'] },
  'subject cache': {
    path: 'src/domain/subjects/subject-loader.ts',
    tests: ['test/decision-points/authzen-evaluation.test.ts', 'test/server/freshness.test.ts'],
  },
  'model scanner': {
    path: 'src/decision-points/ext-authz/model-scanner.ts',
    tests: ['test/decision-points/model-scanner.test.ts'],
  },
  'asked names': {
    path: 'src/decision-points/ext-authz/asked-names.ts',
    tests: ['test/decision-points/ext-authz.test.ts'],
  },
  'answer for proxies': {
    path: 'src/decision-points/ext-authz/answer.ts',
    tests: ['test/decision-points/ext-authz.test.ts'],
  },
  'points for proxies': {
    path: 'src/decision-points/ext-authz/points.ts',
    tests: ['test/decision-points/ext-authz.test.ts'],
  },
  'listed models': {
    path: 'src/decision-points/model-lists/listed-models.ts',
    tests: ['test/decision-points/listed-models.test.ts'],
  },
  'entity tag of lists': {
    path: 'src/decision-points/model-lists/entity-tag.ts',
    tests: ['test/decision-points/model-list-points.test.ts'],
  },
} as const satisfies Record<string, MutatedModule>;

export type ModuleName = keyof typeof modules;
