import { buildSchema, Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { coerceVariables } from '../../src/server/limits/coerce-variables.ts';
import { withoutValues } from '../../src/server/request/without-values.ts';

const schema = buildSchema(`
  enum Color { RED }
  input Key { id: ID!, secret: String!, count: Int, color: Color, list: [String!], ids: [ID!], flag: Boolean }
  type Query { key(input: Key!): String }
`);
const secret = 'sk-hunter2; Field "x" at "y"; Expected';

function faultOf(input: unknown): string {
  const [operation] = parse('query ($input: Key!) { key(input: $input) }').definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return 'no operation';
  try {
    coerceVariables(schema, operation, input === undefined ? {} : { input }, { ids: 2_000, others: 1_000 });
    return 'none';
  } catch (error) {
    return String(error instanceof Error && error.message);
  }
}

describe('coerceVariables', () => {
  it.each<[unknown, string]>([
    [{ id: 1, secret, more: 1 }, 'Variable "$input" got invalid value; Field "more" is not defined by type "Key".'],
    [{ secret }, 'Variable "$input" got invalid value; Field "id" of required type "ID!" was not provided.'],
    [secret, 'Variable "$input" got invalid value; Expected type "Key" to be an object.'],
    [
      { id: 1, secret: { secret } },
      'Variable "$input" got invalid value at "input.secret"; String cannot represent a non string value',
    ],
    [
      { id: 1, secret, count: secret },
      'Variable "$input" got invalid value at "input.count"; Int cannot represent non-integer value',
    ],
    [
      { id: 1, secret, color: secret },
      'Variable "$input" got invalid value at "input.color"; This value does not exist in "Color" enum.',
    ],
    [
      { id: 1, secret, list: [{ secret }] },
      'Variable "$input" got invalid value at "input.list[0]"; String cannot represent a non string value',
    ],
    [null, 'Variable "$input" of non-null type "Key!" must not be null.'],
    [undefined, 'Variable "$input" of required type "Key!" was not provided.'],
    [{ id: 1, secret, count: 1 }, 'none'],
  ])('says of a variable what is wrong and where, and no more: %#', (input, told) => {
    expect(faultOf(input)).toBe(told);
  });

  it.each([
    ['a number', { id: 1, secret, count: `' got invalid value x' at "y"; `.repeat(20_000) }],
    ['a value of an enum', { id: 1, secret, color: `Value " does not exist in "`.repeat(20_000) }],
    ['a field', { id: 1, secret, ['x at "y"; Expected '.repeat(50_000)]: 1 }],
  ])('tells little of much: %s', (_, input) => {
    expect(faultOf(input)).toMatch(/^Variable "\$input" got invalid value/);
    expect(faultOf(input).length).toBeLessThan(1_200);
  });
});

describe('a list that is longer than any may be', () => {
  it.each([
    ['in an input', { id: 1, secret, list: Array(1_001).fill(7) }],
    ['instead of one', Array(1_001).fill(7)],
  ])('is refused before its entries are looked at: %s', (_, input) => {
    expect(faultOf(input)).toBe('Variable "$input" has a list of more than 1000 entries.');
  });

  it('may be longer of ids', () => {
    expect(faultOf({ id: 1, secret, ids: Array(2_000).fill('x') })).toBe('none');
    expect(faultOf({ id: 1, secret, ids: Array(2_001).fill('x') })).toBe(
      'Variable "$input" has a list of more than 2000 entries.',
    );
  });

  it('is no other', () => {
    expect(faultOf({ id: 1, secret, list: Array(1_000).fill('x') })).toBe('none');
  });
});

describe('withoutValues', () => {
  it.each([
    ['{ id: 1, secret: ["sk-hunter2"] }', 'String cannot represent a non string value'],
    ['{ id: 1, secret: "", count: "sk-hunter2" }', 'Int cannot represent non-integer value'],
    ['{ id: 1, secret: "", color: "sk-hunter2" }', 'Enum "Color" cannot represent non-enum value'],
    ['"sk-hunter2"', 'Expected value of type "Key!", found another'],
  ])('says of literals what is wrong: %s', (literal, told) => {
    const messages = validate(schema, parse(`{ key(input: ${literal}) }`)).map(({ message }) => message);

    expect(messages.join()).toContain('hunter2');
    expect(messages.map(withoutValues)).toEqual([told]);
  });

  it.each([
    ['Syntax Error: Expected Name, found String "sk-hunter2".', 'Syntax Error: Expected Name, found String.'],
    ['Syntax Error: Unexpected BlockString "sk-hunter2".', 'Syntax Error: Unexpected BlockString.'],
    ['Syntax Error: Expected ":", found Name "hunter2".', 'Syntax Error: Expected ":", found Name.'],
    ['Argument "key" has invalid value "sk-hunter2".', 'Argument "key" has invalid value'],
    ['Cannot query field "x" on type "Query".', 'Cannot query field "x" on type "Query".'],
    [
      'Variable "$input" of required type "Key!" was not provided.',
      'Variable "$input" of required type "Key!" was not provided.',
    ],
  ])('makes of %s what can be told', (message, told) => {
    expect(withoutValues(message)).toBe(told);
  });
});
