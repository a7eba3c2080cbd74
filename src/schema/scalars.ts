import { GraphQLError, type GraphQLScalarType, type ValueNode } from 'graphql';
import { DateTimeResolver, JSONObjectResolver } from 'graphql-scalars';
import { builder } from './builder.ts';

/** Longer than every form of ISO 8601 that is parsed, with fractions of a second and an offset. */
const maxTimeLength = 50;

/** A scalar that refuses longer texts before they are parsed. Its error is `fault`, and never quotes the value. */
function bounded<Internal>(scalar: GraphQLScalarType<Internal>, maxLength: number, fault: string) {
  const refuse = (): never => {
    throw new GraphQLError(fault);
  };
  const orRefuse = <Value>(text: unknown, read: () => Value): Value => {
    if (typeof text === 'string' && text.length > maxLength) return refuse();
    try {
      return read();
    } catch {
      return refuse();
    }
  };
  return {
    serialize: scalar.serialize,
    extensions: scalar.extensions,
    parseValue: (value: unknown) => orRefuse(value, () => scalar.parseValue(value)),
    parseLiteral: (node: ValueNode) => orRefuse('value' in node ? node.value : '', () => scalar.parseLiteral(node)),
  };
}

builder.scalarType('DateTime', {
  ...bounded(DateTimeResolver, maxTimeLength, 'A DateTime is written as ISO 8601, such as "2026-03-01T10:30:00.000Z"'),
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
