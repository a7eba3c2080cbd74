import { of } from './mutant.ts';

export const ofLedger = [
  ...of('ledger', [
    {
      fault: 'the expected revision is not checked',
      is: `if (typeof expectedRevision === 'number' && expectedRevision !== revision)`,
      becomes: 'if (false)',
    },
    {
      fault: 'an expected revision of the past will do',
      is: 'expectedRevision !== revision',
      becomes: 'expectedRevision > revision',
    },
    {
      fault: 'who has lost its right may change all the same',
      is: 'await actor.reauthorize(tx, organizationId);',
      becomes: '',
    },
    {
      fault: 'the caches are not told of a change',
      is: 'actor.invalidate(organizationId, change.subjectId);',
      becomes: '',
    },
    {
      fault: 'a change that is found made is acknowledged before others have heard of it',
      is: 'actor.invalidate(organizationId, null);',
      becomes: '',
    },
    {
      fault: 'an absent organization is no refusal',
      is: 'if (!present) throw accessDenied(organizationId);',
      becomes: `if (!present) throw new Error('absent');`,
    },
    {
      fault: 'a change that changes nothing is entered',
      is: `if ('unchanged' in change) {`,
      becomes: 'if (false) {',
    },
    {
      fault: 'changes of one organization do not take turns',
      is: 'return withLock(db, request.organizationId, () => db.transaction((tx) => commitWithin(tx, request, prepare)));',
      becomes: 'return (void withLock, db.transaction((tx) => commitWithin(tx, request, prepare)));',
    },
  ]),
  ...of('ledger entry', [
    { fault: 'a revision is skipped', is: 'o."revision" + 1', becomes: 'o."revision" + 2' },
    {
      fault: 'an organization that has moved on is changed',
      is: 'AND a."seenRevision" = l."revision"',
      becomes: '',
    },
    { fault: 'who has lost its right is not left out', is: `::text[]) AND \${stillAuthorized}`, becomes: '::text[])' },
    { fault: 'one that is locked is waited for', is: 'FOR NO KEY UPDATE SKIP LOCKED', becomes: 'FOR NO KEY UPDATE' },
    {
      fault: 'the time is that of the transaction',
      is: 'clock_timestamp()::timestamptz(3)',
      becomes: 'transaction_timestamp()::timestamptz(3)',
    },
    {
      fault: 'the service that made a change is not named',
      is: 'actorApiKeyId: actor.apiKeyId',
      becomes: 'actorApiKeyId: null',
    },
    { fault: 'the user who made a change is not named', is: 'actorId: actor.userId', becomes: 'actorId: null' },
    {
      fault: 'the role that is acted in is not checked',
      is: 'role: actor.roleIn(organizationId)',
      becomes: 'role: null',
    },
    { fault: 'what was before is not told', is: 'before: entry.before', becomes: 'before: null' },
    { fault: 'what is after is not told', is: 'after: entry.after', becomes: 'after: null' },
    { fault: 'another action is told', is: 'action: entry.action', becomes: `action: 'MEMBER_ADDED'` },
    { fault: 'another subject is told', is: 'subjectId: entry.subjectId', becomes: 'subjectId: organizationId' },
    { fault: 'the reason is not kept', is: 'reason: reason ?? null', becomes: 'reason: null' },
    {
      fault: 'a guess of what is hidden can be confirmed',
      is: 'ownerOf(entry) === null ? null : newSalt()',
      becomes: 'null',
    },
    { fault: 'the chain is of nothing', is: `\${hashAfter(previousHash)}`, becomes: `sha256('')` },
  ]),
  ...of('optimistic commit', [
    {
      fault: 'the expected revision is not checked',
      is: `(typeof expectedRevision === 'number' && expectedRevision !== seen.revision)`,
      becomes: 'false',
    },
    {
      fault: 'the caches are not told of a change',
      is: 'actor.invalidate(organizationId, change.subjectId);',
      becomes: '',
    },
    { fault: 'one that cannot be made takes those beside it with it', is: '.catch(() => [])', becomes: '' },
    { fault: 'nothing is made without a lock', is: 'const seen = db.pool &&', becomes: 'const seen = false &&' },
    {
      fault: 'what is not made without a lock is not made',
      is: 'return seen ? seen.result : underLock();',
      becomes: 'return (seen || undefined)?.result as never;',
    },
    {
      fault: 'a decision that throws is not repeated under the lock',
      is: 'attempt(() => decide(seen))',
      becomes: 'decide(seen)',
    },
    { fault: 'changes are made one by one', is: 'maxBatchSize: maxChanges', becomes: 'maxBatchSize: 1' },
    {
      fault: 'within a transaction it is made beside it',
      is: 'const seen = db.pool &&',
      becomes: 'const seen = true &&',
    },
  ]),
  ...of('snapshot', [
    { fault: 'an organization is not locked', is: `"id" = \${id} FOR UPDATE)`, becomes: `"id" = \${id})` },
    {
      fault: 'what was read before the lock was had is believed',
      is: 'if (seenRevision === snapshot.revision) return stateOf',
      becomes: 'if (seenRevision !== -1) return stateOf',
    },
    {
      fault: 'states are in the order of the database',
      is: 'ids.map((id) => byId.get(id) ?? emptyState(id))',
      becomes: 'found',
    },
    { fault: 'a key that is switched off counts', is: 'AND k."isActive")', becomes: ')' },
    {
      fault: 'the keys of other organizations count',
      is: 'k."organizationId" = o."id" AND k."isActive"',
      becomes: 'k."isActive"',
    },
  ]),
  ...of('reauthorization', [
    {
      fault: 'who is no member any more may change',
      is: 'if (!present) throw accessDenied(organizationId);',
      becomes: 'if (!present) return;',
    },
    { fault: 'who has another role by now may change', is: 'if (present.role !== role)', becomes: 'if (false)' },
    { fault: 'a revoked API key may change', is: '!present || present.revokedAt !== null', becomes: '!present' },
    { fault: 'a revoked platform key may change', is: 'if (!isActive) throw', becomes: 'if (false) throw' },
    {
      fault: 'a revoked API key is not left out of a statement',
      is: `(SELECT k."revokedAt" IS NULL FROM`,
      becomes: '(SELECT true FROM',
    },
    {
      fault: 'a role in another organization counts',
      is: `m."organizationId" = a."id" AND m."userId" = a."actorId"))`,
      becomes: `m."userId" = a."actorId" AND m."role"::text = a."role" LIMIT 1))`,
    },
  ]),
  ...of('revision', [
    { fault: 'what came is what was there', is: '!was.has(entry)', becomes: 'was.has(entry)' },
    { fault: 'what went is not told', is: '!is.has(entry)', becomes: 'false' },
    { fault: 'what is the same is told', is: '!isDeepStrictEqual(old[field], now[field])', becomes: 'true' },
    { fault: "another user's own configuration is shown", is: '&& owner !== viewerId', becomes: '&& false' },
    {
      fault: 'a shared configuration is hidden',
      is: 'owner !== null && owner !== viewerId',
      becomes: 'owner !== viewerId',
    },
    { fault: 'what was deleted is shown', is: 'objectOf(after ?? before)', becomes: 'objectOf(after)' },
    {
      fault: 'the oldest revisions come first',
      is: 'inverted ? Prisma.sql`ASC` : Prisma.sql`DESC`',
      becomes: 'inverted ? Prisma.sql`DESC` : Prisma.sql`ASC`',
    },
    {
      fault: 'a revision of another organization is found by its id',
      is: `::text[]) AND \${isWithin(organizations, Prisma.sql\`r."organizationId"\`)}`,
      becomes: '::text[])',
    },
    { fault: 'a page begins with the last one before it', is: '"number" < $', becomes: '"number" <= $' },
  ]),
  ...of('revision log', [
    { fault: 'nobody is told of what is new', is: 'for (const wake of waiting) wake();', becomes: '' },
    { fault: 'a revision is told twice', is: 'r."number" > $', becomes: 'r."number" >= $' },
    { fault: 'the newest comes first', is: 'ORDER BY r."number" LIMIT', becomes: 'ORDER BY r."number" DESC LIMIT' },
    {
      fault: 'the ledger of another organization is told',
      is: `WHERE r."organizationId" = \${organizationId} AND`,
      becomes: `WHERE \${organizationId} <> '' AND`,
    },
    {
      fault: 'one of those that are kept is left out',
      is: 'recent.slice(number - first.number + 1)',
      becomes: 'recent.slice(number - first.number + 2)',
    },
    {
      fault: 'those that are kept have a gap',
      is: 'number === end ? [...recent, ...page] : page',
      becomes: '[...recent, ...page]',
    },
  ]),
  ...of('revision stream', [
    {
      fault: 'who has lost its right is told on',
      is: 'if (entry.subjectId === follower.id) await follower.reauthorize();',
      becomes: '',
    },
    {
      fault: 'a stream outlives its token',
      is: 'fail(new UnauthenticatedError',
      becomes: 'void (new UnauthenticatedError',
    },
    { fault: 'a place is never free again', is: '    onEnd();', becomes: '' },
    { fault: 'a stream ends without its error', is: 'if (error !== undefined) throw error;', becomes: '' },
    { fault: 'a stream outlives its client', is: `follower.signal.addEventListener('abort', end);`, becomes: '' },
  ]),
  ...of('revision hub', [
    { fault: 'a viewer has any number of places', is: ' || own >= limits.viewerSubscriptions', becomes: '' },
    { fault: 'it begins after a revision that is not there', is: '(sinceRevision ?? 0) > now', becomes: 'false' },
    {
      fault: 'it begins with the first revision where none is named',
      is: 'number: sinceRevision ?? now',
      becomes: 'number: sinceRevision ?? 0',
    },
    {
      fault: 'what the feed tells is not heard',
      is: `if (event.kind === 'revision') logs`,
      becomes: 'if (false) logs',
    },
    {
      fault: 'what was not told is not caught up with',
      is: `if (event.kind === 'connected') tryToCatchUp();`,
      becomes: '',
    },
  ]),
];
