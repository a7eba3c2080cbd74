import fc, { type Arbitrary } from 'fast-check';
import type { Value } from './value.ts';

/** Mostly the first of two, and so many times in a hundred the other. */
export function mostly<T>(fit: Arbitrary<T>, other: Arbitrary<T>, percent: number): Arbitrary<T> {
  return fc.oneof({ weight: 100 - percent, arbitrary: fit }, { weight: percent, arbitrary: other });
}

/** Sometimes undefined: so many times in a hundred it is there. */
export function perhaps<T>(value: Arbitrary<T>, percent: number): Arbitrary<T | undefined> {
  return mostly<T | undefined>(fc.constant(undefined), value, percent);
}

export const oddTexts = fc.constantFrom(
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'x\udc00',
    '\u{1f4a9}\u{1f468}\u200d\u{1f469}',
    '\u202egpt\u202c',
    '\ufeffgpt-4o',
    'İ',
  ],
  ...[
    '"',
    "'",
    '\\',
    '\\u0000',
    '`',
    '%',
    '_',
    '%00',
    '$1',
    '#{x}',
    '{{x}}',
    '<script>',
    "'; DROP TABLE x; --",
    '../..',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    'NaN',
    '\r\n\r\n',
    '\u2028',
    '\u0085',
    ' gpt-4o ',
    'GPT-4o',
  ],
  ...[200, 201, 255, 256, 500, 501, 10_000].map((length) => 'x'.repeat(length)),
  'é'.repeat(200),
  '\u{1f4a9}'.repeat(150),
);

/** Texts as people write them, and as nobody does. */
export const texts = mostly<string>(
  fc.constantFrom('Staging', 'Production', 'A name'),
  fc.oneof(oddTexts, fc.string({ unit: 'binary', maxLength: 12 })),
  20,
);

export const oddNumbers = fc.constantFrom(
  ...[
    0,
    -0,
    -1,
    1.5,
    1e-7,
    99,
    100,
    101,
    249,
    251,
    999,
    1_001,
    32_767,
    65_536,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    2 ** 32,
  ],
  ...[2 ** 53, 2 ** 53 + 2, -(2 ** 53), 2 ** 63, 1e21, 1e308],
);

export const times = mostly<string>(
  fc.constantFrom(
    '2026-11-01T00:00:00Z',
    '2026-11-22T10:00:00.123Z',
    '2027-01-01T00:00:00+02:00',
    '2026-11-20T23:30:00-05:00',
  ),
  fc.constantFrom(
    ...['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59-12:00'],
    ...[
      '10000-01-01T00:00:00Z',
      '+012026-01-01T00:00:00Z',
      '-000001-01-01T00:00:00Z',
      '2024-02-29T00:00:00Z',
      '2026-02-29T00:00:00Z',
    ],
    ...[
      '2026-11-22',
      '2026-11-22T10:00:00',
      '2026-11-22T24:00:00Z',
      '2026-11-22T23:59:60Z',
      '2026-11-22T10:00:00+25:00',
    ],
    ...[
      '2026-11-22T10:00:00.1234567891234Z',
      '1970-01-01T00:00:00Z',
      '1969-12-31T23:59:59Z',
      'now',
      '',
      '1763805600000',
    ],
  ),
  20,
);

const deep = (depth: number): Value => JSON.parse(`${'{"a":'.repeat(depth)}[]${'}'.repeat(depth)}`);
const wide = (length: number): Value => Object.fromEntries(Array.from({ length }, (_, index) => [`k${index}`, index]));

export const settings = mostly<Value>(
  fc.record(
    {
      temperature: fc.constantFrom(0, 0.7, 2),
      maxTokens: fc.constantFrom(1, 1_000),
      stop: fc.constantFrom<Value>([], ['x', null], {}),
    },
    { requiredKeys: [] },
  ),
  fc.oneof(
    fc.constantFrom<Value>(deep(31), deep(33), deep(200), wide(1_000), wide(3_000), { text: 'x'.repeat(20_000) }),
    fc.constantFrom<Value>(JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"constructor":{"prototype":{}}}'), {
      '': '',
    }),
    fc.dictionary(oddTexts, fc.oneof<Arbitrary<Value>[]>(oddTexts, oddNumbers)),
    fc.record({ temperature: oddNumbers, maxTokens: oddNumbers }),
  ),
  20,
);

/** What is no value of any kind that is wanted. */
export const misfits: Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(null, true, 0, '', [], {}, [null], [[]], [{}], { a: 1 }, deep(20)),
  oddTexts,
  oddNumbers,
);

export const cursors = mostly<string>(
  fc.constantFrom(...[['CREATED_AT', '2026-01-01T00:00:00.000Z', 'cfg_x'], ['x', 'y'], 3, 'org_x'].map(cursorOf)),
  fc.oneof(
    oddTexts,
    fc.constantFrom(
      ...[null, [], {}, [1], ['CREATED_AT', '\0', '\ud800'], ['DISPLAY_NAME', 1, 2], 1e21, -1, [[[]]]].map(cursorOf),
    ),
  ),
  60,
);

function cursorOf(key: unknown): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}
