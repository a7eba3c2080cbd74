import { of } from './mutant.ts';

export const ofDecisions = [
  ...of('alias', [
    { fault: 'an alias is found in lower case only', is: 'foldName(name)', becomes: 'name' },
    {
      fault: 'an alias stands for its first model alone',
      is: '(targetsOf(policy, name) ?? [name])',
      becomes: '(targetsOf(policy, name)?.slice(0, 1) ?? [name])',
    },
    {
      fault: 'the last model of an alias is preferred',
      is: '(targetsOf(policy, name) ?? [name])',
      becomes: '(targetsOf(policy, name)?.toReversed() ?? [name])',
    },
    {
      fault: 'the catalog goes before aliases',
      is: '(targetsOf(policy, name) ?? [name])',
      becomes: '(catalog.find(name) ? [name] : (targetsOf(policy, name) ?? [name]))',
    },
    { fault: 'an alias may begin with a hyphen', is: '/^[a-z0-9][a-z0-9-]', becomes: '/^[a-z0-9-][a-z0-9-]' },
    { fault: 'an alias may be longer', is: '{0,62}', becomes: '{0,63}' },
    { fault: 'an alias may stand for more models', is: 'maxTargets = 10', becomes: 'maxTargets = 11' },
  ]),
  ...of('explanation', [
    { fault: 'the organization is no level', is: '    [null, policy],\n', becomes: '' },
    {
      fault: 'the lists of subjects are no levels',
      is: 'return lists ? [[id, lists]] : [];',
      becomes: 'return [];',
    },
    {
      fault: 'every disabled provider is a cause',
      is: '.filter((slug) => foldName(slug) === model.provider)',
      becomes: '',
    },
    {
      fault: 'every entry is a cause',
      is: 'matches(model.disabledBy, selector)',
      becomes: 'true',
    },
    {
      fault: 'names are compared as they are spelled',
      is: 'names.includes(foldName(selector))',
      becomes: 'names.includes(selector)',
    },
    { fault: 'a pattern is no cause', is: 'names.some((name) => name.startsWith(prefix))', becomes: 'false' },
    { fault: 'a pattern matches within names', is: 'name.startsWith(prefix)', becomes: 'name.includes(prefix)' },
    {
      fault: 'the list of the organization refuses nothing',
      is: 'policy.allowedModels && !hasIt(policy.allowedModels)',
      becomes: 'false',
    },
    {
      fault: 'one of the nearest lists that lacks the model refuses it',
      is: 'nearest.some(({ list }) => hasIt(list))',
      becomes: 'nearest.every(({ list }) => hasIt(list))',
    },
    {
      fault: 'what waits is not explained',
      is: "reason === 'PENDING_REVIEW' && hasModel",
      becomes: 'false && hasModel',
    },
    {
      fault: 'whatever is refused waits',
      is: "reason === 'PENDING_REVIEW' && hasModel",
      becomes: 'hasModel',
    },
  ]),
  ...of('alias changes', [
    {
      fault: 'the key of a model becomes an alias',
      is: 'if (!former) refuseKeyAsAlias',
      becomes: 'if (false) refuseKeyAsAlias',
    },
    {
      fault: 'an alias that a model has come to shadow cannot be changed',
      is: 'if (!former) refuseKeyAsAlias',
      becomes: 'refuseKeyAsAlias',
    },
    { fault: 'an alias is of itself', is: '[name]: targets };', becomes: '};' },
    { fault: 'other aliases are lost', is: '      ...present.aliases,\n', becomes: '' },
    { fault: 'targets that the catalog has lost are refused', is: 'former, path', becomes: 'former: undefined, path' },
    {
      fault: 'the default is left without a chat model',
      is: 'if (present.defaultModelKey === name) refuseUnusableAlias',
      becomes: 'if (false) refuseUnusableAlias',
    },
    { fault: 'an absent alias is deleted', is: 'if (!targetsOf(present, name))', becomes: 'if (false)' },
    { fault: 'the default is deleted', is: 'if (present.defaultModelKey === name) {', becomes: 'if (false) {' },
    { fault: 'nothing is deleted', is: 'const { [name]: _deleted, ...aliases }', becomes: 'const { ...aliases }' },
  ]),
  ...of('subjects', [
    {
      fault: 'the role is of another organization',
      is: `WHERE m."organizationId" = k."organizationId" AND m."userId" = k."subjectId") AS "role"`,
      becomes: `WHERE m."userId" = k."subjectId" ORDER BY (m."organizationId" = k."organizationId") LIMIT 1) AS "role"`,
    },
    {
      fault: 'the teams are of another organization',
      is: `m."userId" = k."subjectId" AND m."organizationId" = k."organizationId" AND \${isActive}\n        ORDER`,
      becomes: `m."userId" = k."subjectId" AND \${isActive}\n        ORDER`,
    },
    {
      fault: 'teams that the directory has deactivated the user in count',
      is: `AND \${isActive}\n        ORDER`,
      becomes: '\n        ORDER',
    },
    {
      fault: 'a token of another organization makes a member',
      is: `m."userId" = k."subjectId" AND m."organizationId" = k."organizationId" AND \${isActive}) AS`,
      becomes: `m."userId" = k."subjectId" AND \${isActive}) AS`,
    },
    {
      fault: 'a token makes a member of whom the directory has deactivated',
      is: `AND \${isActive}) AS "isSaid"`,
      becomes: `) AS "isSaid"`,
    },
    {
      fault: 'a team of another organization is there',
      is: `WHERE t."organizationId" = k."organizationId" AND`,
      becomes: 'WHERE',
    },
    {
      fault: 'an API key of another organization is there',
      is: `a."organizationId" = k."organizationId" AND`,
      becomes: '',
    },
    { fault: 'a revoked API key is there', is: ` AND a."revokedAt" IS NULL`, becomes: '' },
    { fault: 'a role is nobody', is: 'named.role !== null || exists', becomes: 'exists' },
    { fault: 'a team is no member of itself', is: 'named.role !== null || exists', becomes: 'named.role !== null' },
    { fault: 'tokens alone make nobody a member', is: ' || isSaid || ', becomes: ' || ' },
    { fault: 'teams alone make nobody a member', is: ' || teams.length > 0', becomes: '' },
    {
      fault: 'whoever is no member is one',
      is: 'isMember ? anySubject : noMember',
      becomes: 'true ? anySubject : noMember',
    },
    { fault: 'all subjects are known', is: 'found[index]?.isMember !== true', becomes: 'false' },
    {
      fault: 'what can be no id is looked for',
      is: 'if (success) return data;',
      becomes: 'return data ?? id;',
    },
  ]),
  ...of('decision reader', [
    { fault: 'decisions of an earlier state are kept', is: 'this.#own?.state === present', becomes: 'this.#own' },
    {
      fault: 'the decisions of another subject are kept as the own ones',
      is: 'const isOwn = subjectId === null && at === null;',
      becomes: 'const isOwn = at === null;',
    },
    {
      fault: 'the decisions of an earlier policy are kept as the present ones',
      is: 'const isOwn = subjectId === null && at === null;',
      becomes: 'const isOwn = subjectId === null;',
    },
    { fault: 'own decisions are made anew for each row', is: 'if (isOwn) this.#own = decisions;', becomes: '' },
    { fault: 'an earlier policy is the present one', is: 'at ? stateAt(present, at) : present', becomes: 'present' },
    { fault: 'whoever is asked about is the caller', is: 'subjectId === null ||', becomes: 'true ||' },
    { fault: 'the role does not count', is: 'role: roleIn(state.organizationId)', becomes: 'role: null' },
    { fault: 'own rules do not count', is: '...anySubject, id, role', becomes: '...anySubject, role' },
    {
      fault: 'the teams of the caller do not count',
      is: '!namesTeams(state, this.#sources.catalog)',
      becomes: 'true',
    },
    {
      fault: 'the teams of the caller are read though no rule is of a team',
      is: ' || !namesTeams(state, this.#sources.catalog)',
      becomes: '',
    },
    {
      fault: 'the role of a token does not count where teams do',
      is: '({ ...subject, teams })',
      becomes: '({ ...subject, teams, role: null })',
    },
  ]),
];
