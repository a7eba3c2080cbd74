import { of } from './mutant.ts';

export const ofCache = [
  ...of('marks', [
    {
      fault: 'a revision ends no mark',
      is: `if (event.kind === 'revision') marks.delete(event.organizationId);`,
      becomes: `if (event.kind === 'revision') return;`,
    },
    {
      fault: 'a change ends no mark',
      is: `else if (event.kind === 'change') marks.delete(event.id);`,
      becomes: `else if (event.kind === 'change') return;`,
    },
    { fault: 'marks outlive a feed that was away', is: 'else marks.clear();', becomes: '' },
    { fault: 'marks are given out without a lease', is: '!isOff && lease.isHeld', becomes: '!isOff' },
    {
      fault: 'nothing turns remembering off',
      is: 'let isOff = bytes === 0 || entries === 0;',
      becomes: 'let isOff = false;',
    },
    { fault: 'a mark that is pushed out stays current', is: 'mark.isCurrent = false;', becomes: '' },
    {
      fault: 'a change that is made here ends no mark',
      is: 'end: (id) => void marks.delete(id),',
      becomes: 'end: () => {},',
    },
    { fault: 'everybody has a mark of its own', is: 'if (known) return known;', becomes: '' },
    {
      fault: 'marks are current after the end of the process',
      is: 'isOff = true;\n      unsubscribe();\n      marks.clear();',
      becomes: 'unsubscribe();',
    },
    { fault: 'nothing is remembered', is: 'if (!isTold()) return ended;', becomes: 'return ended;' },
  ]),
  ...of('remembered', [
    {
      fault: 'a value is found under a mark that has ended',
      is: 'mark.isCurrent ? values.get(mark) : undefined',
      becomes: 'values.get(mark)',
    },
    {
      fault: 'no value is found',
      is: 'mark.isCurrent ? values.get(mark) : undefined',
      becomes: '(void mark, undefined)',
    },
  ]),
  ...of('reads', [
    { fault: 'an answer rests on no mark', is: 'this.marks.add(mark);', becomes: '' },
    { fault: 'an answer that rests on more than marks is kept', is: 'this.isRepeatable = false;', becomes: '' },
    { fault: 'what is read past the marks is not noted', is: 'this.#reads.spoil();', becomes: '' },
    {
      fault: 'what is read of an organization is not noted',
      is: 'for (const id of organizationIds) this.mark(id);',
      becomes: '(void organizationIds);',
    },
    { fault: 'a mark is had and not noted', is: 'this.#reads.note(mark);', becomes: '' },
  ]),
  ...of('loader', [
    {
      fault: 'the mark is had after the reading',
      is: 'const marks = ids.map((id) => source.mark(id));\n      const values = await read(source.of(ids), ids);',
      becomes: 'const values = await read(source.of(ids), ids);\n      const marks = ids.map((id) => source.mark(id));',
    },
    {
      fault: 'what is known is read again',
      is: 'undefined : this.#remembered.find(mark)',
      becomes: 'undefined : (void mark, undefined)',
    },
    {
      fault: 'what was not known is not read anew',
      is: 'this.#unknown.has(organizationId) ? undefined :',
      becomes: '',
    },
    { fault: 'one request sees several states', is: 'if (seen !== undefined) return seen;', becomes: '' },
    {
      fault: 'nothing is remembered for others',
      is: 'remembered.keep(mark, values[index] as Value);',
      becomes: '(void mark, index);',
    },
    { fault: 'what was seen outlives a change', is: 'this.#seen.clear();', becomes: '' },
    { fault: 'what was read outlives a change', is: 'this.#loader = undefined;', becomes: '' },
  ]),
  ...of('context', [
    { fault: 'a change ends no mark', is: 'this.#foundation.memory.freshness.end(id);', becomes: '(void id);' },
    { fault: 'loaders outlive a change', is: 'this.forgetLoaders();', becomes: '' },
    { fault: 'a transaction sees what others remember', is: 'db: tx, memory: noMemory', becomes: 'db: tx' },
    {
      fault: 'what was changed in a transaction is not forgotten',
      is: 'this.#circumstances, this.#changed,',
      becomes: 'this.#circumstances, new Set(),',
    },
    { fault: 'an answer does not rest on who asks', is: 'reads.note(circumstances.viewer.mark);', becomes: '' },
    { fault: 'an answer with a plaintext is kept', is: 'this.reads.spoil();', becomes: '' },
    {
      fault: 'the subject of a change is not noted',
      is: 'if (subjectId !== null) this.note(subjectId);',
      becomes: '(void subjectId);',
    },
  ]),
  ...of('answers', [
    {
      fault: 'no answer is found',
      is: 'const answer = answers.get(key);',
      becomes: 'const answer = (void key, undefined) as Answer | undefined;',
    },
    { fault: 'an answer outlives its day', is: 'answer.day === dayOf(now) &&', becomes: '(void now, true) &&' },
    { fault: 'an answer outlives its marks', is: '!(isTold && mark.isCurrent)', becomes: '!isTold' },
    { fault: 'an answer outlives the lease', is: '!(isTold && mark.isCurrent)', becomes: '!mark.isCurrent' },
    { fault: 'what never changes goes with the lease', is: 'mark !== lasting && ', becomes: '' },
    { fault: 'answers do not depend on the organization of the header', is: `, 'x-organization-id']`, becomes: ']' },
    { fault: 'answers do not depend on what the client has', is: `'if-none-match', `, becomes: '' },
    { fault: 'answers do not depend on the form that is asked for', is: `['accept', `, becomes: '[' },
    { fault: 'answers do not depend on whether the cost is asked for', is: `'graphql-cost', `, becomes: '' },
    {
      fault: 'answers do not depend on who asks',
      is: `asked = \`\${key}\\n`,
      becomes: `asked = \`\\n`,
    },
    { fault: 'answers do not depend on the operation', is: 'asked += request.content', becomes: 'void asked' },
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
      is: 'Math.max(least, overhead + key.length + Buffer.byteLength(body))',
      becomes: '(void [key, body, overhead], least)',
    },
  ]),
  ...of('keeping of answers', [
    { fault: 'answers with errors are kept', is: ' || errorCode !== undefined', becomes: '' },
    { fault: 'answers that rest on more than marks are kept', is: '!context?.reads.isRepeatable', becomes: '!context' },
    { fault: 'answers rest on no mark', is: 'marks: [...context.reads.marks]', becomes: 'marks: []' },
    {
      fault: 'answers cost nothing the second time',
      is: '        points,\n',
      becomes: '        points: 0 * points,\n',
    },
    {
      fault: 'no answer of the REST routes is kept',
      is: ' || isView(request.method, pathOf(request))',
      becomes: ' || (void [isView, pathOf], false)',
    },
    { fault: 'word that the client has it already is not kept', is: 'if (status === 304) return true;', becomes: '' },
  ]),
  ...of('recalling of answers', [
    {
      fault: 'a kept answer costs nothing',
      is: 'rateLimit.spend(request, viewer, answer.points)',
      becomes: '(void viewer, undefined)',
    },
    {
      fault: 'a kept answer costs its address nothing',
      is: 'const entered = rateLimit.enter(request, addressOf(request, incoming, trustedProxies));',
      becomes: 'const entered = undefined as void | Promise<void>;\n      void [addressOf, incoming, trustedProxies];',
    },
    {
      fault: 'who has spent too much is given kept answers',
      is: '} catch {\n      return undefined;',
      becomes: '} catch {\n      return respond(request, answer);',
    },
    {
      fault: 'the log does not say who was given a kept answer',
      is: 'record.viewerId = viewerIdOf(viewer);',
      becomes: 'void viewerIdOf;',
    },
    {
      fault: 'a kept answer has no id of its own',
      is: 'for (const hook of onResponse) void hook(payload);',
      becomes: 'void [onResponse, payload];',
    },
  ]),
  ...of('lease', [
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
