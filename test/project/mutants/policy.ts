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
      fault: 'what the rules refuse is allowed',
      is: 'if (hasModel(models, model.position)) found.push(reason)',
      becomes: 'if (false) found.push(reason)',
    },
    { fault: 'whoever is no member may use models', is: '!rules.subject.isMember', becomes: 'false' },
    {
      fault: 'only what has two reasons is refused',
      is: 'allowed: against.length === 0',
      becomes: 'allowed: against.length <= 1',
    },
    { fault: 'a decision names another revision', is: '    revision,\n', becomes: '    revision: 0,\n' },
    { fault: 'a decision has no end', is: 'model.retirement : null', becomes: 'null : null' },
    { fault: 'a decision on a retired model ends', is: "against[0] !== 'RETIRED' ?", becomes: 'true ?' },
    { fault: 'an exception that has ended counts', is: 'exception.until > now && (', becomes: '(' },
    {
      fault: 'the exception that ends first is told',
      is: 'exception.until > found.until',
      becomes: 'exception.until < found.until',
    },
    { fault: 'an exception is for all models', is: ' && hasModel(models, model.position)) {', becomes: ') {' },
    {
      fault: 'an exception lifts everything',
      is: 'reasons.some((reason) => lasting.has(reason))',
      becomes: 'false',
    },
    { fault: 'any kind of model can be a default', is: `return model.kind === 'CHAT'`, becomes: 'return true' },
  ]),
  ...of('rules', [
    {
      fault: 'an allow list of nothing allows all',
      is: 'return list ?',
      becomes: 'return list?.length ?',
    },
    {
      fault: 'an allow list of the organization of nothing allows all',
      is: '(allowedModels ? [[allowedModels]] : [])',
      becomes: '(allowedModels?.length ? [[allowedModels]] : [])',
    },
    { fault: 'the farthest allow list counts', is: 'levels.map((ids)', becomes: 'levels.toReversed().map((ids)' },
    {
      fault: 'the organization does not bound allow lists',
      is: '(allowedModels ? [[allowedModels]] : [])',
      becomes: '[]',
    },
    { fault: 'what is named is not reviewed', is: 'differenceOf(newer, union(named))', becomes: 'newer' },
    { fault: 'what is older waits for a review', is: 'model.added > reviewed', becomes: 'true' },
    { fault: 'an exception is for everybody', is: 'ids.includes(subjectId)', becomes: 'true' },
  ]),
  ...of('selector index', [
    {
      fault: 'names are compared as they are spelled',
      is: 'this.#add(set, foldName(name))',
      becomes: 'this.#add(set, name)',
    },
    {
      fault: 'a pattern matches nothing',
      is: 'for (const prefix of shortestOf(selectors)) {',
      becomes: 'for (const prefix of []) {',
    },
    {
      fault: 'a pattern matches one name',
      is: 'names[index]?.startsWith(prefix); index += 1',
      becomes: 'names[index]?.startsWith(prefix); index += 1e9',
    },
    { fault: 'a pattern ends the list', is: '!prefix.startsWith(last)', becomes: 'false' },
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
    { fault: 'what is not allowed is chosen', is: 'return allowed && model', becomes: 'return model' },
    { fault: 'what is not for chat is chosen', is: ' && canBeDefault(model)', becomes: '' },
    { fault: 'what is switched off is chosen', is: ' && config?.isEnabled !== false', becomes: '' },
  ]),
  ...of('selectors', [
    { fault: 'a model of another provider is found', is: 'model?.provider === provider', becomes: 'model' },
    { fault: 'what names nothing is dropped', is: 'keys.length === 0 ? [selector] : keys', becomes: 'keys' },
    { fault: 'a name stays as it is spelled', is: '? [selector] : keys', becomes: '? [selector] : [selector]' },
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
    { fault: 'the present default may be disabled', is: '!isDeepStrictEqual(before, change.policy)', becomes: 'false' },
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
  ...of('policy check', [
    { fault: 'a disabled model is made the default', is: 'wasGiven ||', becomes: 'false ||' },
    {
      fault: 'a default that does not count stands in the way of all changes',
      is: '!access.allowed && wasAllowed',
      becomes: '!access.allowed',
    },
    { fault: 'lists grow without end', is: 'if (isTooLong) refuse', becomes: 'if (false) refuse' },
  ]),
  ...of('review', [
    { fault: 'what does not wait is approved', is: 'pending !== null && hasModel(pending, position)', becomes: 'true' },
    { fault: 'the catalog is reviewed while models wait', is: '(pending && !isEmpty(pending))', becomes: 'false' },
    { fault: 'what was approved is kept', is: 'modelsNamed(catalog, name).length === 0', becomes: 'true' },
    { fault: 'what is approved for later is lost', is: 'modelsNamed(catalog, name).length === 0', becomes: 'false' },
    {
      fault: 'the time of a review moves back',
      is: 'newest > policy.reviewedAt ? newest : policy.reviewedAt',
      becomes: 'newest',
    },
  ]),
  ...of('model reviews', [
    { fault: 'an unknown model is reviewed', is: 'if (models.length === 0)', becomes: 'if (false)' },
    {
      fault: 'a model is allowed and disabled',
      is: '.some((model) => allowed.has(model))',
      becomes: '.some(() => false)',
    },
    { fault: 'there is a review where none is needed', is: "present.newModels === 'ALLOW'", becomes: 'false' },
  ]),
  ...of('selector patterns', [
    { fault: 'a letter with a * matches', is: 'folded.length < minPrefixLength', becomes: 'folded.length < 1' },
    { fault: 'a * may stand within', is: "folded.includes('*')", becomes: 'false' },
    { fault: 'a blank before a * is ignored', is: '/\\s$/.test(prefix)', becomes: 'false' },
  ]),
  ...of('comparison', [
    {
      fault: 'what stays blocked is newly blocked',
      is: 'blocked: differenceOf(was, is)',
      becomes: 'blocked: differenceOf(differenceOf(was, was), is)',
    },
    { fault: 'what stays allowed is newly allowed', is: 'allowed: differenceOf(is, was)', becomes: 'allowed: is' },
    {
      fault: 'members are left without a model where one is left',
      is: 'isEmpty(is) && !isEmpty(was)',
      becomes: '!isEmpty(was)',
    },
    { fault: 'the default is the first, allowed or not', is: 'chain[indexOfDefault(chain)]', becomes: 'chain[0]' },
    { fault: 'aliases that stay are told', is: '.filter(({ from, to }) => from !== to)', becomes: '' },
  ]),
  ...of('impact', [
    {
      fault: 'all configurations are touched',
      is: 'facts.configs.filter((one) => isIn(one.isOwn ? ofViewer : ofAll, one))',
      becomes: 'facts.configs',
    },
    { fault: 'own configurations are decided on as shared ones', is: 'one.isOwn ? ofViewer : ofAll', becomes: 'ofAll' },
    {
      fault: 'all hidden configurations are touched',
      is: 'hiddenConfigs.filter((config) => isIn(difference, config))',
      becomes: 'hiddenConfigs',
    },
    { fault: 'the default does not depend on own ones', is: '[own.ref, sharedDefault]', becomes: '[sharedDefault]' },
    { fault: 'the default does not depend on the shared one', is: '[own.ref, sharedDefault]', becomes: '[own.ref]' },
    { fault: 'a default that stays is told', is: 'if (from === to) continue;', becomes: '' },
    { fault: 'all exceptions lift', is: 'lifted.some((position) => hasModel(blocked, position))', becomes: 'true' },
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
      is: 'policyFields(maxEntries: number, kept = nothing) {',
      becomes: 'policyFields(_: number, kept = nothing, maxEntries = 1e9) {',
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
    { fault: 'subjects of others are taken', is: 'if (foreign !== undefined)', becomes: 'if (false)' },
    {
      fault: 'an absent default is refused anew',
      is: 'if (defaultModelKey === present.defaultModelKey &&',
      becomes: 'if (false &&',
    },
  ]),
  ...of('policy spelling', [
    { fault: 'what the catalog has lost is refused', is: '.filter((slug) => !known.has(slug))', becomes: '' },
    {
      fault: 'unknown providers are accepted',
      is: 'refuseUnknownProviders(disabledProviders',
      becomes: 'void (disabledProviders',
    },
    { fault: 'what is in the policy is spelled anew', is: 'known.has(name) ? [name] : ', becomes: '' },
    {
      fault: 'an alias is called like a model',
      is: 'if (!former) refuseKeyAsAlias',
      becomes: 'if (false) refuseKeyAsAlias',
    },
    { fault: 'an alias is of an alias', is: '!Object.hasOwn(aliases, foldName(target))', becomes: 'true' },
  ]),
  ...of('model settings', [
    {
      fault: 'what an earlier release stored is refused',
      is: 'kept ? newModelSettings',
      becomes: 'false ? newModelSettings',
    },
    {
      fault: 'what is absent from a change is lost',
      is: '{ ...present, ...changed',
      becomes: "{ ...present, newModels: 'ALLOW', defaultModelKey: null, ...changed",
    },
  ]),
];
