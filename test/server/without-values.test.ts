import { buildSchema, execute, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { withoutValues } from '../../src/server/without-values.ts';

const schema = buildSchema(`
  enum Color { RED }
  input Key { id: ID!, secret: String!, count: Int, color: Color, list: [String!], flag: Boolean }
  type Query { key(input: Key!): String }
`);
const secret = 'sk-hunter2; Field "x" at "y"; Expected';

async function messagesOf(input: unknown): Promise<string[]> {
  const document = parse('query ($input: Key!) { key(input: $input) }');
  const { errors = [] } = await execute({ schema, document, variableValues: { input } });
  return errors.map(({ message }) => message);
}

describe('withoutValues', () => {
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
  ])('says of variables what is wrong and where, and no more: %#', async (input, told) => {
    const messages = await messagesOf(input);

    expect(messages.join()).toContain('hunter2');
    expect(messages.map(withoutValues)).toEqual([told]);
  });

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
    ['Cannot query field "x" on type "Query".', 'Cannot query field "x" on type "Query".'],
    [
      'Variable "$input" of required type "Key!" was not provided.',
      'Variable "$input" of required type "Key!" was not provided.',
    ],
  ])('makes of %s what can be told', (message, told) => {
    expect(withoutValues(message)).toBe(told);
  });
});
