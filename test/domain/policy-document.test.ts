import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parsePolicyDocument,
  refuseForeignDocument,
  writePolicyDocument,
} from '../../src/domain/policy/policy-document.ts';
import { ValidationError, type ValidationIssue } from '../../src/errors/base.ts';
import { limitsOf } from '../../src/limits.ts';
import { modelName, modelSelector } from '../../src/policy/model-selector.ts';
import { defaultPolicy, documentOf, noLists, type Policy } from '../../src/policy/policy-value.ts';

const limits = limitsOf();
const parse = (text: string) => parsePolicyDocument(text, limits);

function issuesOf(work: () => unknown): readonly ValidationIssue[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ValidationError) return error.issues;
    throw error;
  }
  return [];
}

/** Names that a careless writer of YAML would make something else of. */
const awkward = [
  ...['yes', 'No', 'on', 'null', '~', 'true', '1e3', '0x1f', '0o17', '1_000', '.inf', '.NaN', '12:30:45', '2024-01-01'],
  ...[
    '- a',
    '-',
    '*',
    '*x',
    '&y',
    '!z',
    '!!str x',
    '<<',
    '=',
    '?',
    '? k',
    ':',
    ': v',
    'a: b',
    'a:',
    'a #b',
    '#',
    '"q"',
  ],
  ...["it's", "'", '"', '\\', 'a\\nb', '{a}', '[b]', '{', ']', ',', '|', '>', '%x', '@a', '`b', '---', '...', '--- a'],
  ...['é😀', '日本', '\u{10ffff}', '__proto__', 'constructor', 'a  b', 'x'.repeat(200), `a${' b'.repeat(99)}`],
];
const name = fc
  .oneof(fc.constantFrom(...awkward), fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ maxLength: 30 }))
  .map((text) => modelName.safeParse(text).data)
  .filter((text) => text !== undefined);
const isSelector = (text: string) => modelSelector.safeParse(text).success;
const hasTargets = (targets: string[]) => targets.length > 0 && targets.length <= 10;
const names = (entry: fc.Arbitrary<string>) => fc.uniqueArray(entry, { maxLength: 12 });
const selectors = names(fc.oneof(name, fc.constantFrom('gpt-4*', 'openai/*', 'yes*')).filter(isSelector));
const exact = name.filter((text) => !text.includes('*'));
const lists = fc.record({
  disabledProviders: names(fc.constantFrom('openai', 'google', 'yes')),
  disabledModels: selectors,
  allowedModels: fc.option(selectors),
});
const isUsed = (value: object) => JSON.stringify(value) !== JSON.stringify(noLists);
const subjects = fc.constantFrom('usr_1', 'user_2', 'team_a', 'api_b', 'role_owner', 'role_admin', 'role_member');
const policies: fc.Arbitrary<Policy> = fc.record({
  disabledProviders: names(fc.constantFrom('openai', 'google', 'mistral', 'yes', '1e3')),
  disabledModels: selectors,
  allowedModels: fc.option(selectors),
  defaultModelKey: fc.option(name),
  newModels: fc.constantFrom('ALLOW', 'REVIEW'),
  reviewedAt: fc.option(fc.constantFrom('2026-11-22T00:00:00.000Z', '2026-01-01T12:34:56.789Z')),
  approvedModels: names(exact),
  aliases: fc.dictionary(fc.constantFrom('fast', 'yes', '1e3', 'constructor', '42'), names(exact).filter(hasTargets)),
  scopes: fc.dictionary(subjects, lists.filter(isUsed)),
});

describe('the document of a policy', () => {
  it('says the policy that it was written of, in both formats', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        for (const format of ['JSON', 'YAML'] as const) {
          const text = writePolicyDocument(policy, format, 'org_1');
          expect(parse(text)).toMatchObject({ organizationId: 'org_1', policy });
          expect(text.endsWith('\n')).toBe(true);
          if (format === 'JSON') expect(JSON.parse(text)).toEqual({ organizationId: 'org_1', ...documentOf(policy) });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('has its keys in canonical order, without what is as by default', () => {
    const policy: Policy = { ...defaultPolicy, defaultModelKey: 'gpt-4o', disabledModels: ['b', 'a'] };

    expect(writePolicyDocument(policy, 'YAML', 'org_1')).toBe(
      'organizationId: org_1\ndisabledModels:\n  - b\n  - a\ndefaultModelKey: gpt-4o\n',
    );
    expect(writePolicyDocument(policy, 'JSON', 'org_1')).toBe(
      '{\n  "organizationId": "org_1",\n  "disabledModels": [\n    "b",\n    "a"\n  ],\n  "defaultModelKey": "gpt-4o"\n}\n',
    );
    expect(writePolicyDocument({ ...policy, disabledModels: ['yes'] }, 'YAML')).toContain('- "yes"\n');
    expect(parse(writePolicyDocument(defaultPolicy, 'YAML', 'org_1')).policy).toEqual(defaultPolicy);
  });

  it.each([
    ['{}', {}],
    ['---\n# nothing is set\n{}\n', {}],
    ['\ufeff{"$schema": "https://modelgate.example/v1/policy.schema.json", "disabledModels": []}', {}],
    ['{\n\t"disabledModels": ["a",\n\t\t"\\ud83d\\ude00"]\n}', { disabledModels: ['a', '😀'] }],
    ['disabledModels: # the small ones\r\n  - a\r\n  - " a "\r\n  - it\'s\r\n', { disabledModels: ['a', "it's"] }],
    ['defaultModelKey: ~', {}],
    ['defaultModelKey: "gpt-\\\n  4\\x6F"\n', { defaultModelKey: 'gpt-4o' }],
    ['defaultModelKey: "gpt\\u002d\\\r\n 4\\U0000006f"\r\n', { defaultModelKey: 'gpt-4o' }],
    ['defaultModelKey: >-\n  gpt-4o\n', { defaultModelKey: 'gpt-4o' }],
  ])('is read as people write it: %j', (text, policy) => {
    expect(parse(text)).toMatchObject({ organizationId: undefined, policy: { ...defaultPolicy, ...policy } });
  });

  it.each<[text: string, ...at: [path: string, line: number, column: number, message: string][]]>([
    [
      '',
      [
        '',
        1,
        1,
        'must have fields, with a colon and a blank behind each name; write {} for a policy that sets nothing',
      ],
    ],
    [
      '- a',
      [
        '',
        1,
        1,
        'must have fields, with a colon and a blank behind each name; write {} for a policy that sets nothing',
      ],
    ],
    ['disabledmodels: []', ['disabledmodels', 1, 1, 'is unknown; did you mean disabledModels?']],
    [
      '# c\n\n  permittedModels: []',
      ['permittedModels', 3, 3, 'is unknown; a policy has $schema, organizationId, disabled'],
    ],
    ['__proto__: {disabledModels: [a]}', ['__proto__', 1, 1, 'is unknown']],
    ['{"__proto__": {"disabledModels": ["a"]}}', ['__proto__', 1, 2, 'is unknown']],
    ['aliases: {"__proto__": [a]}', ['aliases.__proto__', 1, 11, 'is unknown']],
    ['scopes:\n  __proto__: {disabledModels: [a]}', ['scopes.__proto__', 2, 3, 'is unknown']],
    ['aliases: {my fast: [a]}', ['aliases.my fast', 1, 11, 'must have 1 to 63 letters, digits and hyphens']],
    ['aliases: {fast: a}', ['aliases.fast', 1, 11, 'must be a list of models']],
    ['scopes: {role_members: {}}', ['scopes.role_members', 1, 10, 'must be the id of a user, a team or an API key']],
    ['newModels: review', ['newModels', 1, 1, 'must be ALLOW or REVIEW']],
    ['aliases: {fast: [a], FAST: [b]}', ['aliases.FAST', 1, 22, 'is given twice, in another spelling']],
    ['constructor: x\nprototype: x', ['constructor', 1, 1, 'is unknown'], ['prototype', 2, 1, 'is unknown']],
    ['<<: {disabledModels: [a]}', ['<<', 1, 1, 'is unknown']],
    ['disabledModels: [a]\n"disabledModels": [b]', ['disabledModels', 2, 1, 'is given twice']],
    ['defaultModelKey: &x a', ['defaultModelKey', 1, 18, 'has an anchor (&), which is not allowed']],
    ['disabledModels:\n  - a\n  - *x', ['disabledModels.1', 3, 5, 'has an alias (*), which is not allowed']],
    [
      'disabledModels:\n  - !!str a\n  - ! b',
      ['disabledModels.0', 2, 5, 'has a tag'],
      ['disabledModels.1', 3, 5, 'has a tag'],
    ],
    ['%YAML 1.2\n---\n{}', ['', 1, 1, 'has a directive (%), which is not allowed']],
    ['{}\n---\n{}', ['', 3, 3, 'must be one document']],
    ['{}\n---\n{}\n---\n{}', ['', 4, 1, 'must be one document']],
    [
      'disabledModels:\n  - 1e3\n  - yes\n  - null',
      ['disabledModels.0', 2, 5, 'must be text; put it in quotes'],
      ['disabledModels.2', 4, 5, 'must be text; put it in quotes'],
    ],
    ['disabledModels:\n', ['disabledModels', 1, 1, 'must be a list; give [] to clear it']],
    ['disabledModels: {a: 1}', ['disabledModels', 1, 1, 'must be a list']],
    ['disabledModels:\n  - [a]', ['disabledModels.0', 2, 5, 'must be text']],
    [
      'disabledModels: ["a\u200b", ""]',
      ['disabledModels.0', 1, 18, 'must not contain invisible characters'],
      ['disabledModels.1', 1, 24, 'must not be empty'],
    ],
    ['1: a', ['', 1, 1, 'has a key that is no text; put it in quotes']],
    ['? [a]\n: b', ['', 1, 3, 'has a key that is no text']],
    [
      'disabledModels: ["\\\\q \\q", "\\x4", "\\U00110000"]',
      ['disabledModels.0', 1, 23, 'has an escape that does not exist: \\q'],
      ['disabledModels.1', 1, 29, 'has an escape that does not exist: \\x'],
      ['disabledModels.2', 1, 36, 'has an escape that does not exist: \\U'],
    ],
    ['disabledModels:\n  - "a', ['disabledModels.0', 2, 7, 'Missing closing "quote']],
    [
      'disabledModels:\n  - a\n - b\ndefaultModelKey: x',
      ['disabledModels.0', 3, 1, 'cannot be read: check the indentation, quotes and brackets up to here (A block seq'],
    ],
    ['disabledModels:[a]', ['', 1, 1, 'must have fields, with a colon and a blank behind each name']],
    ['disabledModels:\n\t- a', ['disabledModels', 2, 1, 'Tabs are not allowed as indentation']],
    ['disabledModels: [a\u0000]', ['', 1, 19, 'has a character that no text may have']],
    ['disabledModels: [a\ud800]', ['', 1, 19, 'has a character that no text may have']],
    [`disabledModels: [${'a,'.repeat(251)}]`, ['disabledModels', 1, 1, 'must not have more than 250 entries']],
  ])('is refused with path and line: %j', (text, ...expected) => {
    const issues = issuesOf(() => parse(text));

    expect(issues.map(({ path, line, column }) => [path, line, column])).toEqual(
      expected.map((one) => one.slice(0, 3)),
    );
    for (const [index, [, , , message]] of expected.entries()) expect(issues[index]?.message).toContain(message);
    expect('disabledModels' in {}).toBe(false);
  });

  it('names the first ten faults, in the order of the text, and nothing longer than an excerpt', () => {
    const text = Array.from({ length: 50 }, (_, index) => `${'k'.repeat(900)}${index}: 1\n`).join('');

    const issues = issuesOf(() => parse(text));

    expect(issues.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(Math.max(...issues.map(({ path, message }) => Math.max(path.length, message.length)))).toBe(201);
  });

  it('may have 262,144 bytes, and not one more', () => {
    const text = `# ${'é'.repeat(131_069)}\n{}\n`;

    expect(Buffer.byteLength(text)).toBe(262_144);
    expect(parse(text).policy).toEqual(defaultPolicy);
    expect(issuesOf(() => parse(`${text}\n`))).toEqual([{ path: '', message: 'must not be longer than 262144 bytes' }]);
  });

  it('is refused where it is nested deeper than a policy can be, though it has few parts', () => {
    const text = `disabledModels: ${'['.repeat(40)}${']'.repeat(40)}`;

    expect(issuesOf(() => parse(text))).toMatchObject([{ message: 'is nested deeper than a policy can be' }]);
  });

  it('is refused where it says that it is of another organization', () => {
    const document = parse('# of a copy\norganizationId: org_1\n');

    expect(issuesOf(() => refuseForeignDocument(document, 'org_1'))).toEqual([]);
    expect(issuesOf(() => refuseForeignDocument(document, 'org_2'))).toEqual([
      { path: 'organizationId', message: 'is org_1: this is a document of another organization', line: 2, column: 1 },
    ]);
  });
});

const size = 262_144;
const filled = (text: string) => text.repeat(Math.floor(size / Buffer.byteLength(text)));

describe('a hostile document', () => {
  const hostile: Record<string, string> = {
    'nested lists': filled('['),
    'nested lists in blocks': filled('- '),
    'nested mappings': filled('{a: '),
    'nested pairs': filled('[{"'),
    'a hundred thousand entries': `disabledModels: [${'a,'.repeat(131_000)}]`,
    'entries in lines': filled('- a\n'),
    'entries that are nothing': `[${','.repeat(size - 2)}]`,
    'keys in lines': Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join(''),
    'one key again and again': filled('a:\n'),
    'a huge key': `${'a'.repeat(size - 3)}: 1`,
    'one long line': `disabledModels: ["${'a'.repeat(size - 20)}"]`,
    quotes: filled('"'),
    backslashes: `"${'\\'.repeat(size - 1)}`,
    'line breaks': filled('\n'),
    comments: filled('#\n'),
    'folded text': `a: >\n${' a\n'.repeat(size / 3 - 3)}`,
    'text of many lines': `a: b\n${'  c\n'.repeat(size / 4 - 2)}`,
    anchors: filled('&a '),
    'aliases in a list': `[${'*a,'.repeat(7_900)}]`,
    'lines with anchors': '- &a\n'.repeat(3_500),
    'escapes that do not exist': `"${'\\q'.repeat(size / 2 - 1)}"`,
    'escapes of no character': `"${'\\UFFFFFFFF'.repeat(size / 10 - 1)}"`,
    'ends of lists': ']'.repeat(15_900),
    tags: filled('! '),
    'one long tag': filled('!'),
    documents: filled('---\n'),
    'ends of documents': filled('...\n'),
    directives: filled('%a\n'),
    'a billion laughs': `a: &a [x,x]\n${Array.from({ length: 30 }, (_, index) => `k${index}: &k${index} [${'*a,'.repeat(9)}]\n`).join('')}`,
  };

  it.each(Object.entries(hostile))('is refused at once: %s', (_, text) => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(size);
    const begun = process.cpuUsage();

    const issues = issuesOf(() => parse(text));

    const { user, system } = process.cpuUsage(begun);
    expect(issues.length).toBeGreaterThan(0);
    expect(Math.max(...issues.map(({ message }) => message.length))).toBeLessThanOrEqual(201);
    // Some 60 ms at most; other tests of the process, and a collection of garbage, may fall in between.
    expect((user + system) / 1000).toBeLessThan(400);
  });
});
