import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonText, toJson } from '../../src/domain/input/json-text.ts';

const anObject = () => fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());

describe('a text of JSON', () => {
  it('is copied as it is, wherever it stands', () => {
    const value = { a: [new JsonText('{"n": 1.0}'), { b: new JsonText('{ }') }], c: 'c', d: null };

    expect(toJson(value)).toBe('{"a":[{"n": 1.0},{"b":{ }}],"c":"c","d":null}');
  });

  it('means what the object means that it is of, among whatever else', () => {
    fc.assert(
      fc.property(fc.array(anObject()), fc.jsonValue(), (objects, other) => {
        const texts = objects.map((object) => [new JsonText(JSON.stringify(object)), other]);
        const plain = objects.map((object) => [object, other]);

        expect(JSON.parse(toJson({ texts, other }))).toEqual(JSON.parse(JSON.stringify({ texts: plain, other })));
      }),
    );
  });

  it('is the object for any other writer, also after one that failed', () => {
    const text = new JsonText('{"n":  1}');

    expect(() => toJson({ text, unwritable: 1n })).toThrow();
    expect(JSON.stringify({ text })).toBe('{"text":{"n":1}}');
    expect(toJson({ text })).toBe('{"text":{"n":  1}}');
  });
});
