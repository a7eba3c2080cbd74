import { DateTimeResolver, JSONObjectResolver } from 'graphql-scalars';
import { builder } from './builder.ts';

builder.addScalarType('DateTime', DateTimeResolver, {
  description: 'A moment in UTC, as ISO 8601: `2026-03-01T10:30:00.000Z`.',
});

builder.addScalarType('JSONObject', JSONObjectResolver, { description: 'An open JSON object.' });

// As a string, since clients read JSON numbers as doubles, which lose digits from 2^53 on.
builder.scalarType('BigInt', {
  description: 'A whole number of any size, written as a string: `"12884901888"`.',
  serialize: (value) => String(value),
  parseValue: (value) => {
    if (typeof value === 'string' && /^-?\d{1,18}$/.test(value)) return BigInt(value);
    throw new TypeError('A BigInt is a string of digits, such as "12884901888"');
  },
});

builder.scalarType('Decimal', {
  description: 'An exact decimal number, written as a string: `"0.00015"`. Money is in US dollars.',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string' && /^-?\d{1,18}(\.\d{1,18})?$/.test(value)) return value;
    throw new TypeError('A Decimal is a string of digits, such as "0.00015"');
  },
});
