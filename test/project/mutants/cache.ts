import { of } from './mutant.ts';

export const ofCache = [
  ...of('tags', [
    {
      fault: 'a revision invalidates no tag',
      is: `if (event.kind === 'revision') tags.delete(event.organizationId);`,
      becomes: `if (event.kind === 'revision') return;`,
    },
    {
      fault: 'a change invalidates no tag',
      is: `else if (event.kind === 'change') tags.delete(event.id);`,
      becomes: `else if (event.kind === 'change') return;`,
    },
    { fault: 'tags outlive a feed that was away', is: 'else tags.clear();', becomes: '' },
    { fault: 'tags are given out without a lease', is: '!isOff && lease.isHeld', becomes: '!isOff' },
    {
      fault: 'nothing turns caching off',
      is: 'let isOff = bytes === 0 || entries === 0;',
      becomes: 'let isOff = false;',
    },
    { fault: 'a tag that is pushed out stays current', is: 'tag.isCurrent = false;', becomes: '' },
    {
      fault: 'a change that is made here invalidates no tag',
      is: 'invalidate: (id) => void tags.delete(id),',
      becomes: 'invalidate: () => void 0,',
    },
    { fault: 'whoever asks has a tag of its own', is: 'if (known) return known;', becomes: '' },
    {
      fault: 'tags are current after the end of the process',
      is: 'isOff = true;\n      unsubscribe();\n      tags.clear();',
      becomes: 'unsubscribe();',
    },
    { fault: 'nothing is cached', is: 'if (!isLive()) return staleTag;', becomes: 'return staleTag;' },
  ]),
  ...of('tagged cache', [
    {
      fault: 'a value is found under a tag that is not current',
      is: 'tag.isCurrent ? this.#values.get(tag) : undefined',
      becomes: 'this.#values.get(tag)',
    },
    {
      fault: 'no value is found',
      is: 'tag.isCurrent ? this.#values.get(tag) : undefined',
      becomes: '(void tag, undefined)',
    },
  ]),
  ...of('dependencies', [
    { fault: 'an answer depends on no tag', is: 'this.tags.add(tag);', becomes: '' },
    { fault: 'an answer that tags do not cover is cached', is: 'this.isCacheable = false;', becomes: '' },
    {
      fault: 'an answer ends with its first decision alone',
      is: 'validUntil < decisions.validUntil)) {',
      becomes: 'false)) {',
    },
    { fault: 'an answer ends with its last decision', is: 'validUntil < decisions', becomes: 'validUntil > decisions' },
    { fault: 'an untracked reading is cached', is: 'this.#dependencies.markUncacheable();', becomes: '' },
    {
      fault: 'what is read of an organization is not tracked',
      is: 'for (const id of organizationIds) this.take(id);',
      becomes: '(void organizationIds);',
    },
    { fault: 'a tag is taken and not tracked', is: 'this.#dependencies.track(tag);', becomes: '' },
  ]),
  ...of('loader', [
    {
      fault: 'the tag is taken after the reading',
      is: 'this.#cache.set(tag, value);',
      becomes: 'this.#cache.set((void tag, this.#source.take(organizationId)), value);',
    },
    {
      fault: 'what is cached is read again',
      is: 'undefined : this.#cache.get(tag)',
      becomes: 'undefined : (void tag, undefined)',
    },
    {
      fault: 'what was not known is not read anew',
      is: 'this.#unknown.has(organizationId) ? undefined :',
      becomes: '',
    },
    { fault: 'one request sees several states', is: 'if (seen !== undefined) return seen;', becomes: '' },
    {
      fault: 'nothing is cached for others',
      is: 'this.#cache.set(tag, value);',
      becomes: '(void tag);',
    },
    { fault: 'what was seen outlives a change', is: 'this.#seen.clear();', becomes: '' },
    { fault: 'what was read outlives a change', is: 'this.#loader = undefined;', becomes: '' },
  ]),
  ...of('context', [
    { fault: 'a change invalidates no tag', is: 'this.#services.tags.invalidate(id);', becomes: '(void id);' },
    { fault: 'loaders outlive a change', is: 'this.clearLoaders();', becomes: '' },
    {
      fault: 'a transaction sees what is cached for others',
      is: 'tags: noTags,\n        states: new TaggedCache<OrganizationState>(),',
      becomes: '',
    },
    {
      fault: 'what was changed in a transaction is not invalidated',
      is: 'this.#requestInfo, this.#changed,',
      becomes: 'this.#requestInfo, new Set(),',
    },
    {
      fault: 'an answer does not depend on who asks',
      is: 'dependencies.track(requestInfo.viewer.tag);',
      becomes: '',
    },
    { fault: 'the decisions of an answer are not noted', is: 'this.dependencies.addDecision(decided)', becomes: '{}' },
    { fault: 'an answer with a plaintext is cached', is: 'this.dependencies.markUncacheable();', becomes: '' },
    {
      fault: 'the subject of a change is not marked as changed',
      is: 'if (subjectId !== null) this.markChanged(subjectId);',
      becomes: '(void subjectId);',
    },
  ]),
  ...of('response cache', [
    {
      fault: 'no answer is found',
      is: 'const answer = answers.get(key);',
      becomes: 'const answer = (void key, undefined) as CachedResponse | undefined;',
    },
    { fault: 'an answer outlives its end', is: 'now.getTime() < answer.validUntil &&', becomes: '(void now, true) &&' },
    { fault: 'an answer outlives its day', is: 'Math.min(endOfDay,', becomes: 'Math.min(Number.POSITIVE_INFINITY,' },
    {
      fault: 'an answer outlives its decisions',
      is: 'dependencies.decisions?.validUntil?.getTime()',
      becomes: 'void dependencies',
    },
    { fault: 'an answer outlives its tags', is: '!(isLive && tag.isCurrent)', becomes: '!isLive' },
    { fault: 'an answer outlives the lease', is: '!(isLive && tag.isCurrent)', becomes: '!tag.isCurrent' },
    { fault: 'what never changes goes with the lease', is: 'tag !== permanentTag && ', becomes: '' },
    { fault: 'answers do not depend on the organization of the header', is: `, 'x-organization-id']`, becomes: ']' },
    { fault: 'answers do not depend on what the client has', is: `'if-none-match', `, becomes: '' },
    { fault: 'answers do not depend on the form that is asked for', is: `['accept', `, becomes: '[' },
    { fault: 'answers do not depend on whether the cost is asked for', is: `'graphql-cost', `, becomes: '' },
    {
      fault: 'answers do not depend on who asks',
      is: `asked = \`\${viewer}\\n`,
      becomes: `asked = \`\\n`,
    },
    { fault: 'answers do not depend on the operation', is: 'request, request.content)', becomes: `request, '')` },
    {
      fault: 'answers do not depend on the query of the address',
      is: 'return pathname + search;',
      becomes: 'return (void search, pathname);',
    },
    {
      fault: 'one answer pushes out all others',
      is: 'maxEntrySize: Math.max(Math.ceil(bytes / 16), least),',
      becomes: '',
    },
    {
      fault: 'the size of answers is not counted',
      is: 'Math.max(least, overhead * (1 + refusals.length) + key.length + Buffer.byteLength(body))',
      becomes: '(void [key, body, overhead, refusals], least)',
    },
  ]),
  ...of('filling of the response cache', [
    { fault: 'answers with errors are cached', is: ' || errorCode !== undefined', becomes: '' },
    {
      fault: 'answers that tags do not cover are cached',
      is: '!context?.dependencies.isCacheable',
      becomes: '!context',
    },
    { fault: 'answers depend on no tag', is: 'tags: [...context.dependencies.tags]', becomes: 'tags: []' },
    {
      fault: 'answers cost nothing the second time',
      is: '        points,\n',
      becomes: '        points: 0 * points,\n',
    },
    {
      fault: 'no answer of the REST routes is cached',
      is: ' || isView(request.method, pathOf(request))',
      becomes: ' || (void [isView, pathOf], false)',
    },
    { fault: 'word that the client has it already is not cached', is: 'if (status === 304) return true;', becomes: '' },
  ]),
  ...of('response lookup', [
    {
      fault: 'a cached refusal is not counted',
      is: 'if (answer.refusals) refusals.count(answer.refusals, now);',
      becomes: 'void [refusals, now];',
    },
    {
      fault: 'a cached answer costs nothing',
      is: 'rateLimit.spend(request, viewer, answer.points)',
      becomes: '(void viewer, undefined)',
    },
    {
      fault: 'a cached answer costs its address nothing',
      is: 'const entered = rateLimit.consume(request, addressOf(request, incoming, trustedProxies));',
      becomes: 'const entered = undefined as void | Promise<void>;\n      void [addressOf, incoming, trustedProxies];',
    },
    {
      fault: 'who has spent too much is given cached answers',
      is: '} catch {\n      return undefined;',
      becomes: '} catch {\n      return respond(request, answer);',
    },
    {
      fault: 'the log does not say who was given a cached answer',
      is: 'record.viewerId = viewerIdOf(viewer);',
      becomes: 'void viewerIdOf;',
    },
    {
      fault: 'a cached answer has no id of its own',
      is: 'for (const hook of onResponse) void hook(payload);',
      becomes: 'void [onResponse, payload];',
    },
  ]),
  ...of('cache lease', [
    { fault: 'a lease is used at once', is: 'now >= this.#begins && ', becomes: '' },
    { fault: 'a lease does not end', is: ' && now < this.#ends', becomes: '' },
    {
      fault: 'a lease that was over is renewed',
      is: '!isRenewed || performance.now() >= this.#ends',
      becomes: 'false',
    },
    {
      fault: 'it is known for ever who else there is',
      is: 'performance.now() - askedAt < this.times.joinMs ? exist',
      becomes: 'askedAt >= 0 ? exist',
    },
    {
      fault: 'a table that was emptied has no others',
      is: `SELECT NOT EXISTS (SELECT FROM public."Instance" WHERE "id" = 'intact')\n    OR EXISTS`,
      becomes: 'SELECT EXISTS',
    },
    { fault: 'a ping is not confirmed', is: 'this.#heard = Math.max(this.#heard, ping)', becomes: '(void ping)' },
    {
      fault: 'whoever notifies can confirm what is to come',
      is: 'least($2::bigint, txid_current())',
      becomes: '$2::bigint',
    },
  ]),
  ...of('peers', [
    {
      fault: 'nobody is waited for',
      is: 'if (lease.hasOthers !== false) await round(null, signal);',
      becomes: '(void [signal, round]);',
    },
    {
      fault: 'an earlier confirmation will do',
      is: `"heard" < \${ping?.number}::bigint`,
      becomes: `"heard" < 0 * \${ping?.number}::bigint`,
    },
    {
      fault: 'those whose lease is over are waited for',
      is: `WHERE "leaseUntil" > clock_timestamp() AND "heard"`,
      becomes: 'WHERE "heard"',
    },
    { fault: 'one process pings itself', is: 'if (await hasOthers(own, lease)) await', becomes: 'await' },
  ]),
];
