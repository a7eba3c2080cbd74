import { of } from './mutant.ts';

export const ofPolicy = [
  ...of('policy', [
    {
      fault: 'an unknown model is allowed',
      is: `if (!model) return ['UNKNOWN_MODEL']`,
      becomes: 'if (!model) return []',
    },
    { fault: 'a retired model is allowed', is: 'if (hasRetired(model, now)) found', becomes: 'if (false) found' },
    {
      fault: 'a model is refused before it retires',
      is: 'if (hasRetired(model, now)) found',
      becomes: 'if (model.retirement) found',
    },
    {
      fault: 'disabled providers are allowed',
      is: 'if (policy.disabledProviders.includes(model.provider))',
      becomes: 'if (false)',
    },
    {
      fault: 'disabled models are allowed',
      is: 'if (namesAnyOf(policy.disabledModels, model))',
      becomes: 'if (false)',
    },
    { fault: 'only what has two reasons is refused', is: 'against.length === 0', becomes: 'against.length <= 1' },
    { fault: 'a decision names another revision', is: 'revision: snapshot.revision', becomes: 'revision: 0' },
    { fault: 'a decision names another catalog', is: 'catalogVersion: version', becomes: 'catalogVersion: 0' },
    { fault: 'a decision has no end', is: 'model.retirement : null', becomes: 'null : null' },
    { fault: 'a decision on a retired model ends', is: 'model && !hasRetired(model, now) ?', becomes: 'model ?' },
    { fault: 'any kind of model can be a default', is: `return model.kind === 'CHAT'`, becomes: 'return true' },
    { fault: 'names are compared as they are spelled', is: 'entries.map(foldName)', becomes: 'entries' },
    { fault: 'a model is disabled by all of its names together', is: 'disabledBy.some(', becomes: 'disabledBy.every(' },
    { fault: 'one entry of a list disables nothing', is: 'set.size > 0', becomes: 'set.size > 1' },
  ]),
  ...of('effective default', [
    {
      fault: 'nothing is named as passed over where no default holds',
      is: 'index === -1 ? chain',
      becomes: 'index === -1 ? []',
    },
    {
      fault: 'what is chosen is named as passed over',
      is: 'chain.slice(0, index)',
      becomes: 'chain.slice(0, index + 1)',
    },
    { fault: 'the default of the settings does not count', is: 'defaultModelKey === null', becomes: 'true' },
    { fault: 'no default is of the organization', is: '...(shared ?', becomes: '...(shared && own ?' },
    { fault: 'what is no default counts', is: `::text[]) AND c."isDefault"`, becomes: '::text[])' },
    {
      fault: "another user's default counts",
      is: `OR c."userId" = \${viewerId}`,
      becomes: `OR c."userId" <> \${viewerId}`,
    },
    {
      fault: 'the default of another organization counts',
      is: 'row.organizationId === organizationId',
      becomes: 'row.organizationId !== organizationId || true',
    },
  ]),
  ...of('default chain', [
    { fault: 'what is not allowed is chosen', is: 'access.allowed && access.model &&', becomes: 'access.model &&' },
    { fault: 'what is not for chat is chosen', is: 'canBeDefault(access.model) &&', becomes: '' },
    { fault: 'what is switched off is chosen', is: ' && config?.isEnabled !== false', becomes: '' },
  ]),
  ...of('selectors', [
    { fault: 'a model of another provider is found', is: 'model?.provider === provider', becomes: 'model' },
    { fault: 'what names nothing is dropped', is: 'keys.length === 0 ? [name] : keys', becomes: 'keys' },
    { fault: 'a name stays as it is spelled', is: '? [name] : keys', becomes: '? [name] : [name]' },
    { fault: 'no selector is dead', is: 'catalog.keysOf(selector).length === 0', becomes: 'false' },
    { fault: 'invisible characters are accepted', is: '!invisible.test(name)', becomes: 'true' },
    { fault: 'control characters are accepted', is: '/^[^\\p{Cc}\\p{Cs}]*$/u', becomes: '/^/u' },
    { fault: 'the warnings of another catalog are told', is: 'looked?.catalog === catalog', becomes: 'looked' },
  ]),
  ...of('key status', [
    {
      fault: "a key of the organization's own does not count",
      is: 'if (own.includes(provider))',
      becomes: 'if (false)',
    },
    { fault: 'the operator has keys at all providers', is: 'platform.has(provider)', becomes: 'true' },
  ]),
  ...of('policy change', [
    { fault: 'a disabled model is made the default', is: 'wasGiven ||', becomes: 'false ||' },
    { fault: 'the present default may be disabled', is: '!isDeepStrictEqual(before, change.policy)', becomes: 'false' },
    {
      fault: 'a default that does not count stands in the way of all changes',
      is: 'reasons.length > 0 && wasAllowed',
      becomes: 'reasons.length > 0',
    },
    {
      fault: 'a change that changes nothing makes a revision',
      is: 'if (isDeepStrictEqual(before, after))',
      becomes: 'if (false)',
    },
    {
      fault: 'another order is a change',
      is: 'hasSameEntries(was[key], is[key]) ? was[key] : is[key]',
      becomes: 'is[key]',
    },
    { fault: 'a dry run is made', is: 'if (dryRun)', becomes: 'if (false)' },
    {
      fault: 'a dry run tells of another revision',
      is: 'refuseOtherRevision(request, present.revision);',
      becomes: '',
    },
    {
      fault: 'a dry run is for whoever could do it once',
      is: 'await actor.reauthorize(db, organizationId);',
      becomes: '',
    },
  ]),
  ...of('impact', [
    {
      fault: 'what stays blocked is newly blocked',
      is: 'isAllowed(impact.before) && !isAllowed(impact.after)',
      becomes: '!isAllowed(impact.after)',
    },
    {
      fault: 'what stays allowed is newly allowed',
      is: '!isAllowed(impact.before) && isAllowed(impact.after)',
      becomes: 'isAllowed(impact.after)',
    },
    { fault: 'all configurations are touched', is: 'facts.configs.filter(isBlocked)', becomes: 'facts.configs' },
    {
      fault: 'all hidden configurations are touched',
      is: 'facts.hiddenConfigs.filter(isBlocked)',
      becomes: 'facts.hiddenConfigs',
    },
    {
      fault: 'members are left without a model where one is left',
      is: 'newlyBlocked.length > 0 && !isAnyLeft',
      becomes: 'newlyBlocked.length > 0',
    },
    { fault: 'the default does not depend on own ones', is: '[ownDefault, sharedDefault]', becomes: '[sharedDefault]' },
    {
      fault: 'the default does not depend on the shared one',
      is: '[ownDefault, sharedDefault]',
      becomes: '[ownDefault]',
    },
    { fault: 'the default is the first, allowed or not', is: 'chain[indexOfDefault(chain)]', becomes: 'chain[0]' },
    { fault: 'a default that stays is told', is: 'if (from === to) continue;', becomes: '' },
  ]),
  ...of('policy input', [
    {
      fault: 'a default that is not for chat is accepted',
      is: 'if (!canBeDefault(model)) {',
      becomes: 'if (false) {',
    },
    {
      fault: 'an unknown default is accepted',
      is: 'if (!model) throw new UnknownModelError',
      becomes: 'if (false) throw new UnknownModelError',
    },
  ]),
  ...of('policy fields', [
    { fault: 'duplicates stay', is: '[...new Set(entries)]', becomes: '[...entries]' },
    {
      fault: 'a list may be as long as one likes',
      is: 'policyFields(maxEntries: number) {',
      becomes: 'policyFields(_: number, maxEntries = 1e9) {',
    },
  ]),
  ...of('policy documents', [
    {
      fault: 'a document of another organization is applied',
      is: 'organizationId === undefined || organizationId === wanted',
      becomes: 'true',
    },
    { fault: 'a document says nothing of the organization', is: '{ organizationId }', becomes: '{}' },
    { fault: 'unknown keys are ignored', is: 'z.strictObject({ ...head', becomes: 'z.object({ ...head' },
    { fault: 'YAML has no quotes for older readers', is: "compat: 'yaml-1.1', ", becomes: '' },
  ]),
  ...of('YAML', [
    { fault: 'a document may have any length', is: 'Buffer.byteLength(text) > limits.bytes', becomes: 'false' },
    { fault: 'bytes are counted as characters', is: 'Buffer.byteLength(text)', becomes: 'text.length' },
    { fault: 'a document may have any number of tokens', is: 'tokens > limits.tokens', becomes: 'false' },
    {
      fault: 'what is not allowed is read to its end',
      is: 'Math.max(refused.length, errors) >= maxIssues',
      becomes: 'false',
    },
    { fault: 'a document may have any depth', is: 'parser.stack.length > limits.depth', becomes: 'false' },
    { fault: 'anchors, aliases and tags are accepted', is: 'if (refused.length > 0)', becomes: 'if (false)' },
    { fault: 'directives are accepted', is: "type === 'directive-line'", becomes: 'false' },
    { fault: 'the last of several documents counts', is: 'if (documents.length > 0)', becomes: 'if (false)' },
    { fault: 'keys may be given twice', is: 'if (entries.has(name))', becomes: 'if (false)' },
    {
      fault: 'faults are on the line before',
      is: "before.split('\\n').length",
      becomes: "before.split('\\n').length - 1",
    },
  ]),
  ...of('policy application', [
    {
      fault: 'a document of another organization is taken',
      is: 'refuseForeignDocument(document, organizationId);',
      becomes: '',
    },
    { fault: 'what the catalog has lost is refused', is: '.filter((slug) => !providers.has(slug))', becomes: '' },
    { fault: 'what is in the policy is spelled anew', is: 'models.has(name) ? [name] : ', becomes: '' },
    { fault: 'an absent default is refused anew', is: ' || defaultModelKey === present.defaultModelKey', becomes: '' },
  ]),
  ...of('model settings', [
    {
      fault: 'unknown providers are accepted',
      is: 'refuseUnknownProviders(fields.disabledProviders ?? []);',
      becomes: '',
    },
    {
      fault: 'what is absent from a change is lost',
      is: '{ ...present, ...change }',
      becomes: '{ disabledProviders: [], disabledModels: [], defaultModelKey: null, ...change }',
    },
  ]),
];
