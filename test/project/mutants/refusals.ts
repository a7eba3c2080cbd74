import { of } from './mutant.ts';

export const ofRefusals = [
  ...of('refusal', [
    { fault: 'what is allowed is a refusal', is: 'if (reason === undefined) return undefined;', becomes: '' },
    {
      fault: 'names that no model can have are counted each by itself',
      is: 'data === undefined ? otherNames : Buffer.from(data).toString()',
      becomes: 'Buffer.from(data ?? asked).toString()',
    },
  ]),
  ...of('name limit', [
    {
      fault: 'a caller may use up the names of its organization',
      is: 'names.size >= ofSubject || ',
      becomes: 'ofSubject < 0 || ',
    },
    {
      fault: 'callers may together invent without end',
      is: 'organization.size >= ofOrganization',
      becomes: 'ofOrganization < 0',
    },
    { fault: 'organizations may fill the memory', is: '|| this.#size >= inAll', becomes: '|| inAll < 0' },
    {
      fault: 'the limit of an hour is that of all hours',
      is: 'if (hour > this.#hour) {',
      becomes: 'if (hour < this.#hour) {',
    },
    {
      fault: 'a name is forgotten once the limit is reached',
      is: 'if (names.has(modelKey)) return true;',
      becomes: '',
    },
  ]),
  ...of('refusal counter', [
    {
      fault: 'no name is too much',
      is: '!this.#names.admits(refusal, hour)',
      becomes: '!this.#names.admits(refusal, hour) && false',
    },
    {
      fault: 'each refusal is a row',
      is: 'const known = this.#pending.get(key);',
      becomes: `const known = this.#pending.get(\`\${key}\${Math.random()}\`);`,
    },
    { fault: 'the last time is the last one counted', is: 'if (at > row.lastAt) row', becomes: 'row' },
    {
      fault: 'memory has no bound',
      is: 'if (this.#pending.size < this.#maxRows) {',
      becomes: 'if (this.#maxRows > 0) {',
    },
    {
      fault: 'a refusal that was met before counts in the hour in which it was met',
      is: 'if (row?.hour.getTime() === hour * hourMs)',
      becomes: 'if (row)',
    },
    {
      fault: 'what is counted after a write is added to what was written',
      is: 'this.#rowOf = new Map();',
      becomes: '',
    },
    {
      fault: 'a full memory waits for the clock',
      is: 'if (this.#pending.size >= this.#maxRows && !this.#mustWait) {',
      becomes: 'if (this.#maxRows < 0) {',
    },
    {
      fault: 'what could not be written is lost',
      is: 'for (const row of rows.slice(written)) this.#add(row);',
      becomes: '',
    },
    { fault: 'what could not be written waits for the next refusal', is: '      this.#startTimer();\n', becomes: '' },
    { fault: 'each fault is told', is: 'if (now - this.#toldAt < minuteMs) return;', becomes: '' },
    { fault: 'a closed counter counts', is: 'if (this.#isClosed) return;\n    const hour', becomes: 'const hour' },
    { fault: 'what is written is counted again', is: 'this.#pending = new Map();', becomes: '' },
  ]),
  ...of('refusal store', [
    {
      fault: 'counts replace those of before',
      is: '"count" = r."count" + excluded."count"',
      becomes: '"count" = excluded."count"',
    },
    {
      fault: 'nothing is ever deleted',
      is: `"hour" < \${keptSince(newest)}`,
      becomes: `"hour" > 'infinity' AND \${keptSince(newest)} IS NULL`,
    },
    {
      fault: 'others are deleted too',
      is: `"organizationId" = ANY(\${organizationIds}::text[]) AND "hour" <`,
      becomes: `\${organizationIds}::text[] IS NOT NULL AND "hour" <`,
    },
  ]),
  ...of('refusal list', [
    {
      fault: 'the end of a period is in it',
      is: `AND "hour" < \${to.toISOString()}`,
      becomes: `AND "hour" <= \${to.toISOString()}`,
    },
    {
      fault: 'organizations see the refusals of each other',
      is: 'WHERE "organizationId" = o."id" AND',
      becomes: 'WHERE o."id" IS NOT NULL AND',
    },
    { fault: 'the rarest are first', is: '"count" DESC, "lastAt" DESC', becomes: '"count", "lastAt" DESC' },
  ]),
];
