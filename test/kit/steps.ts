import fc from 'fast-check';

/** What is there by now, and what is not: what inputs are made of while they are sent. */
export interface Known {
  organizations: string[];
  users: string[];
  configs: string[];
  keys: string[];
  invitations: string[];
  exceptions: string[];
  teams: string[];
}

type Pool = keyof Known;

/** Stands for one of what is there when its step is taken, so that a script can be told and shrunk. */
interface Reference {
  of: Pool;
  at: number;
}

/** A mutation of the graph, or a call of a REST route, with references in its input. */
export type Step = { as: 'owner' | 'admin' | 'member' | 'stranger' } & (
  | { field: string; type: string; input: object }
  | { method: string; path: readonly unknown[]; body?: unknown }
);

/** The same with what is there in the place of references; a list that begins with a text and a slash is a path. */
export function resolve(value: unknown, known: Known): unknown {
  if (Array.isArray(value)) {
    const parts = value.map((part) => resolve(part, known));
    return typeof value[0] === 'string' && value[0].startsWith('/') ? parts.join('') : parts;
  }
  if (typeof value !== 'object' || value === null) return value;
  if ('of' in value) {
    const { of, at } = value as Reference;
    return known[of][at % known[of].length] ?? `${prefixes[of]}_absent`;
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner, known)]));
}

const absent = -1;
const prefixes = {
  organizations: 'org',
  users: 'usr',
  configs: 'cfg',
  keys: 'key',
  invitations: 'inv',
  exceptions: 'exc',
  teams: 'team',
};
const one = (of: Pool): fc.Arbitrary<Reference> =>
  mostly(fc.nat({ max: 12 }), fc.constant(absent)).map((at) => ({ of, at }));
const as = mostly(fc.constantFrom<Step['as']>('owner', 'admin'), fc.constantFrom('member', 'stranger'));

/** What may fit, and now and then what does not. */
function mostly<Fitting, Other>(fitting: fc.Arbitrary<Fitting>, other: fc.Arbitrary<Other>) {
  return fc.oneof<[fc.WeightedArbitrary<Fitting>, fc.WeightedArbitrary<Other>]>(
    { weight: 12, arbitrary: fitting },
    { weight: 1, arbitrary: other },
  );
}

const flag = mostly(fc.boolean(), fc.constant(null));
const odd = fc.constantFrom('', ' ', '\0', 'a\u0000b', '\u200b', 'x'.repeat(300), '😀', "'; --", '\ud800');
const provider = mostly(fc.constantFrom('openai', 'openai', 'anthropic'), odd);
const modelId = mostly(fc.constantFrom('gpt-4.1', ' GPT-4.1', 'GPT-4o', 'claude-sonnet-4-6', 'nova', 'openai/x'), odd);
const alias = mostly(fc.constantFrom('fast', 'smart', ' FAST'), fc.oneof(modelId, odd));
const modelName = fc.oneof({ weight: 3, arbitrary: modelId }, { weight: 1, arbitrary: alias });
const organizationId = mostly(fc.constant({ of: 'organizations', at: 0 }), one('organizations'));
const keyId = mostly(fc.oneof(one('keys'), fc.constant(null)), odd);
const name = mostly(fc.constantFrom('Production', 'B'), odd);
const secret = mostly(fc.constantFrom('sk-live-4f9a8c2e73', 'sk-live-4f9a8c2e74'), odd);
const role = fc.constantFrom('OWNER', 'ADMIN', 'MEMBER');
const dryRun = mostly(fc.constant(false), fc.constant(true));
const expectedRevision = mostly(fc.constant(null), fc.constantFrom(-1, 0, 1, 5, 2 ** 31 - 1));
const settings = mostly(
  fc.oneof(
    fc.constantFrom({}, { temperature: 0.5 }, { maxTokens: 100 }, { z: -0 }),
    fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
  ),
  fc.constantFrom(null, { temperature: 3 }, { a: '\0' }, { n: 2 ** 53 }),
);
const some = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.array(arbitrary, { maxLength: 4 });

const models = fc.array(modelId, { minLength: 1, maxLength: 4 });
const until = mostly(
  fc.constant('2026-12-24T12:00:00Z'),
  fc.constantFrom('2026-11-20T10:00:00Z', '9999-12-31T23:59:59.999Z'),
);
const reason = mostly(fc.constantFrom('A demo', ' '), odd);
/** Policies, of which the second lets models of the catalog wait for a review. */
const document = mostly(
  fc.constantFrom(
    '{}',
    '{"newModels":"REVIEW","reviewedAt":"2025-04-01T00:00:00.000Z"}',
    '{"aliases":{"smart":["gpt-4.1"]},"defaultModelKey":"smart"}',
  ),
  fc.oneof(odd, fc.constant('{"aliases":{"fast":["smart"],"smart":["fast"]}}')),
);
const subject = mostly(fc.oneof(one('users'), fc.constantFrom('role_member', 'role_owner')), odd);

/** What each mutation may be sent; what is before the bar must be given, and everything else may. */
function inputs(required: Record<string, fc.Arbitrary<unknown>>, optional: Record<string, fc.Arbitrary<unknown>> = {}) {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) });
}

const report = inputs(
  {
    id: fc.oneof(fc.constantFrom('use-1', 'use-2', 'use-3'), odd),
    promptTokens: fc.constantFrom(0, 1, -1, 2 ** 31 - 1),
    completionTokens: fc.constantFrom(0, 7),
  },
  {
    modelConfigId: fc.oneof(one('configs'), odd, fc.constant(null)),
    modelKey: modelId,
    usedAt: fc.constantFrom(null, '2026-11-20T10:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'),
  },
);

const mutations: Record<string, fc.Arbitrary<object>> = {
  updateModelConfig: inputs(
    { id: one('configs') },
    {
      providerKeyId: keyId,
      settings,
      isEnabled: flag,
      isDefault: flag,
      expectedRevision,
    },
  ),
  createModelConfig: inputs(
    { organizationId, provider, modelId },
    {
      scope: fc.constantFrom('USER', 'ORGANIZATION'),
      providerKeyId: keyId,
      settings,
      isEnabled: fc.boolean(),
      isDefault: fc.boolean(),
      expectedRevision,
    },
  ),
  setModelConfigEnabled: inputs({ id: one('configs'), isEnabled: fc.boolean() }, { expectedRevision }),
  setDefaultModelConfig: inputs({ id: one('configs') }, { expectedRevision }),
  deleteModelConfig: inputs({ id: one('configs') }, { expectedRevision }),
  createProviderKey: inputs({ organizationId, provider, name, secret }, { isActive: flag, expectedRevision }),
  updateProviderKey: inputs({ id: one('keys') }, { name, isActive: flag, expectedRevision }),
  rotateProviderKey: inputs({ id: one('keys'), secret }, { name, isActive: flag, expectedRevision }),
  deleteProviderKey: inputs({ id: one('keys') }, { detach: flag, expectedRevision }),
  updateModelSettings: inputs(
    { organizationId },
    {
      disabledProviders: some(provider),
      disabledModels: some(modelName),
      allowedModels: mostly(fc.constant(null), some(modelId)),
      newModels: fc.constantFrom('ALLOW', 'REVIEW'),
      defaultModelKey: fc.oneof(modelName, fc.constant(null)),
      expectedRevision,
    },
  ),
  applyPolicy: inputs({ organizationId, document }, { dryRun, expectedRevision }),
  reviewModels: inputs({ organizationId }, { allow: some(modelId), disable: some(modelId), expectedRevision }),
  setModelAlias: inputs(
    { organizationId, name: alias, targets: fc.array(modelName, { minLength: 1, maxLength: 3 }) },
    { dryRun, expectedRevision },
  ),
  deleteModelAlias: inputs({ organizationId, name: alias }, { dryRun, expectedRevision }),
  setScopePolicy: inputs(
    { organizationId, subjectId: subject },
    {
      disabledProviders: some(provider),
      disabledModels: some(modelId),
      allowedModels: fc.oneof(some(modelId), fc.constant(null)),
      addDisabledModels: some(modelId),
      removeDisabledModels: some(modelId),
      addAllowedModels: some(modelId),
      expectedRevision,
    },
  ),
  clearScopePolicy: inputs({ organizationId, subjectId: subject }, { expectedRevision }),
  inviteMember: inputs({ organizationId, userId: fc.oneof(one('users'), odd), role }, { expectedRevision }),
  acceptInvitation: inputs({ organizationId, invitationId: one('invitations') }),
  declineInvitation: inputs({ organizationId, invitationId: one('invitations') }),
  revokeInvitation: inputs({ organizationId, invitationId: one('invitations') }, { expectedRevision }),
  setMemberRole: inputs({ organizationId, userId: one('users'), role }, { expectedRevision }),
  removeMember: inputs({ organizationId, userId: one('users') }, { expectedRevision }),
  requestModelException: inputs({ organizationId, models, until, reason }, { subjectId: subject, expectedRevision }),
  grantModelException: inputs({ organizationId, subjectId: subject, models, until, reason }, { expectedRevision }),
  decideModelException: inputs(
    { organizationId, exceptionId: one('exceptions'), grant: fc.boolean() },
    { until: fc.oneof(until, fc.constant(null)), expectedRevision },
  ),
  revokeModelException: inputs({ organizationId, exceptionId: one('exceptions') }, { expectedRevision }),
  createTeam: inputs({ organizationId, name }, { userIds: some(one('users')), expectedRevision }),
  renameTeam: inputs({ organizationId, teamId: one('teams'), name }, { expectedRevision }),
  setTeamMembers: inputs(
    { organizationId, teamId: one('teams') },
    {
      userIds: some(one('users')),
      addUserIds: some(one('users')),
      removeUserIds: some(one('users')),
      expectedRevision,
    },
  ),
  deleteTeam: inputs({ organizationId, teamId: one('teams') }, { expectedRevision }),
  createApiKey: inputs(
    { organizationId, name, scopes: some(fc.constantFrom('READ', 'USAGE_WRITE', 'KEYS_USE', 'SETTINGS_WRITE')) },
    { expiresAt: fc.constantFrom(null, '2026-11-20T10:00:00Z', '2027-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z') },
  ),
  createOrganization: inputs({ name }),
  recordModelUsage: inputs({ organizationId, records: some(report) }),
};

/** Those that change one object in several ways come more often. */
const weights: Record<string, number> = {
  updateModelConfig: 6,
  createModelConfig: 3,
  recordModelUsage: 3,
  decideModelException: 2,
  setModelAlias: 3,
  applyPolicy: 2,
  reviewModels: 2,
  setTeamMembers: 2,
  deleteProviderKey: 2,
};

/** A mutation with an input that may fit, of anybody. */
export const aChange: fc.Arbitrary<Step> = fc.oneof(
  ...Object.entries(mutations).map(([field, input]) => ({
    weight: weights[field] ?? 1,
    arbitrary: fc.record({
      as,
      field: fc.constant(field),
      type: fc.constant(`${field[0]?.toUpperCase()}${field.slice(1)}Input`),
      input,
    }),
  })),
);

const configPath = one('configs').map((config) => ['/v1/model-configs/', config]);
const keyPath = one('keys').map((key) => ['/v1/provider-keys/', key]);
const bodies: [string, fc.Arbitrary<readonly unknown[]>, fc.Arbitrary<unknown>][] = [
  ['PUT', configPath, inputs({}, { providerKeyId: keyId, settings, isEnabled: flag, isDefault: flag, provider })],
  ['PUT', configPath, inputs({}, { isEnabled: flag, isDefault: flag })],
  ['POST', fc.constant(['/v1/model-configs']), inputs({ provider, modelId }, { providerKeyId: keyId, settings })],
  ['PATCH', configPath.map((path) => [...path, '/status']), inputs({}, { isEnabled: flag })],
  ['PATCH', configPath.map((path) => [...path, '/default']), fc.constantFrom(undefined, {})],
  ['DELETE', configPath, fc.constant(undefined)],
  ['GET', fc.constant(['/v1/model-configs']), fc.constant(undefined)],
  ['POST', fc.constant(['/v1/provider-keys']), inputs({ provider, name, apiKey: secret }, { isDefault: flag })],
  ['PATCH', keyPath, inputs({}, { name, apiKey: secret, isActive: flag })],
  ['DELETE', keyPath, fc.constant(undefined)],
  [
    'PATCH',
    organizationId.map((id) => ['/v1/organizations/', id, '/model-settings']),
    inputs(
      {},
      {
        disabledProviders: some(provider),
        disabled_models: some(modelId),
        defaultModelKey: fc.oneof(modelId, fc.constant(null)),
      },
    ),
  ],
];

/** A call of a REST route with a body that may fit, of anybody. */
export const aCall: fc.Arbitrary<Step> = fc.oneof(
  ...bodies.map(([method, path, body]) => fc.record({ as, method: fc.constant(method), path, body })),
);
