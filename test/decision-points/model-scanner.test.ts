import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanModel } from '../../src/decision-points/ext-authz/model-scanner.ts';

/** Any text of a key, and those that come near the one that counts. */
const key = fc.oneof(
  { weight: 3, arbitrary: fc.string() },
  fc.constantFrom(
    'model',
    'Model',
    'MODEL',
    'models',
    ' model',
    'model\u0000',
    'mode',
    '__proto__',
    'toString',
    'modèl',
  ),
);

/** JSON with whitespace anywhere, with names twice, and with characters escaped that need not be. */
const { json } = fc.letrec<{ json: string; object: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.jsonValue({ maxDepth: 0 }).map((value) => JSON.stringify(value)),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => JSON.stringify(value)),
    text(fc.string({ unit: 'binary' })),
    tie('object'),
    fc.array(tie('json'), { maxLength: 4 }).map((items) => `[ ${items.join(' ,')}\n]`),
  ),
  object: anObject(tie('json')),
}));

function text(strings: fc.Arbitrary<string>) {
  return fc
    .tuple(strings, fc.boolean())
    .map(([value, isEscaped]) => (isEscaped ? escaped(value) : JSON.stringify(value)));
}

function escaped(value: string): string {
  const units = Array.from({ length: value.length }, (_, index) =>
    value.charCodeAt(index).toString(16).padStart(4, '0'),
  );
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}

function anObject(values: fc.Arbitrary<string>) {
  const entry = fc.tuple(text(key), values).map(([name, value]) => `${name}\t: ${value}`);
  return fc.array(entry, { maxLength: 5 }).map((entries) => `{${entries.join(',\r\n')} }`);
}

const bodies = anObject(fc.oneof(json, text(fc.constantFrom('gpt-4o', 'a"b\\c', '\ud83d\ude00', ''))));

/** The top-level keys that read `model` in any case, each as often as it is there, and the model that JSON.parse finds. */
function modelsAt(body: string): { names: string[]; value: unknown } {
  const names = topLevel(body).flatMap(([name]) => (name.toLowerCase() === 'model' ? [name] : []));
  return { names, value: (JSON.parse(body) as { model?: unknown }).model };
}

/** The entries of a JSON object, by JSON.parse alone: the end of each key and value is found by trying. */
function topLevel(body: string): [string, unknown][] {
  const entries: [string, unknown][] = [];
  let rest = body.trim().slice(1, -1).trim();
  while (rest !== '') {
    const name = shortest(rest);
    rest = rest.slice(name.length).trim().slice(1).trim();
    const value = shortest(rest);
    rest = rest.slice(value.length).trim().replace(/^,/, '').trim();
    entries.push([JSON.parse(name) as string, JSON.parse(value)]);
  }
  return entries;
}

/** The first JSON value of a text: the shortest beginning that is one, before a colon, a comma or the end. */
function shortest(value: string): string {
  for (let end = 1; end <= value.length; end += 1) {
    if (end < value.length && !/^\s*[,:]/.test(value.slice(end))) continue;
    try {
      JSON.parse(value.slice(0, end));
      return value.slice(0, end);
    } catch {}
  }
  throw new Error(`no JSON: ${value}`);
}

function isObject(body: string): boolean {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

describe('scanModel', () => {
  it('finds what JSON.parse finds, in any object whose only key that reads `model` is one', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const { names, value } = modelsAt(body);
        const scanned = scanModel(body);

        if (names.length === 0) expect(scanned).toEqual({ found: 'NOTHING' });
        else if (names.length === 1 && names[0] === 'model')
          expect(scanned).toEqual(
            typeof value === 'string' ? { found: 'MODEL', name: value, isWhole: true } : { found: 'NO_NAME' },
          );
        else expect(['AMBIGUOUS', 'NO_NAME']).toContain(scanned.found);
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds in no beginning of a body another model than in the body', () => {
    fc.assert(
      fc.property(bodies, fc.double({ min: 0, max: 1, noNaN: true }), (body, share) => {
        const whole = scanModel(body);
        const part = scanModel(body.slice(0, Math.floor(share * (body.trimEnd().length - 1))));

        expect(['MODEL', 'CUT', 'AMBIGUOUS', 'NO_NAME']).toContain(part.found);
        if (part.found !== 'MODEL') return;
        expect(part.isWhole).toBe(false);
        if (whole.found === 'MODEL') expect(part.name).toBe(whole.name);
        else expect(whole.found).not.toBe('CUT');
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes nothing for whole that JSON.parse refuses', () => {
    const strange = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u',
      '0',
      '1.',
      'e',
      '-',
      'true',
      'n',
      ' ',
      '\n',
      '\u0001',
      '//',
      'model',
    );
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(3), strange), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(bodies, edits, (body, changes) => {
        const changed = changes.reduce((current, [at, drop, insert]) => {
          const place = at % (current.length + 1);
          return current.slice(0, place) + insert + current.slice(place + drop);
        }, body);
        const scanned = scanModel(changed);
        if (scanned.found === 'MODEL' && scanned.isWhole) {
          expect(JSON.parse(changed)).toHaveProperty('model', scanned.name);
        }
        if (isObject(changed)) expect(['NO_JSON', 'CUT']).not.toContain(scanned.found);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['a second model', '{"model":"a","messages":[],"model":"b"}'],
    ['a second one that is the same', '{"model":"a","model":"a"}'],
    ['a second one that is written with escapes', '{"model":"a","\\u006d\\u006F\\u0064\\u0065\\u006c":"b"}'],
    ['one in another case, which some parsers take', '{"model":"a","Model":"b"}'],
    ['only one in another case', '{"MODEL":"a"}'],
    ['a second one that is cut', '{"model":"a","model":"'],
  ])('refuses %s', (_what, body) => {
    expect(scanModel(body)).toEqual({ found: 'AMBIGUOUS' });
  });

  it.each([
    ['a model deeper down', '{"a":{"model":"b"},"b":[{"model":"c"}]}', 'NOTHING'],
    ['a model that is a value', '{"a":"model","b":["model"]}', 'NOTHING'],
    ['a model that is no string', '{"model":{"model":"a"}}', 'NO_NAME'],
    ['a model that is null', '{"model":null}', 'NO_NAME'],
    ['an own __proto__ with a model', '{"__proto__":{"model":"a"}}', 'NOTHING'],
    ['a body that is cut before its model', '{"messages":[{"role":"user","content":"model', 'CUT'],
    ['a body that is cut in its model', '{"model":"gpt-4', 'CUT'],
    ['a body that is cut before the value', '{"model":', 'CUT'],
    ['a list', '[{"model":"a"}]', 'NO_JSON'],
    ['a string', '"model"', 'NO_JSON'],
    ['the parts of a form', '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--b--', 'NO_JSON'],
    ['two objects', '{"model":"a"}{"model":"b"}', 'NO_JSON'],
    ['what some parsers read besides JSON', "{'model':'a'}", 'NO_JSON'],
    ['a comment', '{"model":"a"/*","model":"b*/}', 'NO_JSON'],
    ['NaN', '{"model":"a","temperature":NaN}', 'NO_JSON'],
    ['a comma at the end', '{"model":"a",}', 'NO_JSON'],
    ['a line feed in a string', '{"model":"a","b":"\n"}', 'NO_JSON'],
  ])('finds none in %s', (_what, body, found) => {
    expect(scanModel(body)).toEqual({ found });
  });

  it('skips a byte order mark, and only one', () => {
    expect(scanModel('\ufeff{"model":"a"}')).toMatchObject({ found: 'MODEL', name: 'a' });
    expect(scanModel('\ufeff\ufeff{"model":"a"}')).toEqual({ found: 'NO_JSON' });
  });

  it('says whether it has seen all of the body', () => {
    expect(scanModel('{"model":"a","messages":[{"content":"Hel')).toEqual({
      found: 'MODEL',
      name: 'a',
      isWhole: false,
    });
    expect(scanModel('{"model":"a","messages":[]}\n')).toEqual({ found: 'MODEL', name: 'a', isWhole: true });
  });

  it('needs no stack for a million levels, and refuses them', () => {
    expect(scanModel(`{"model":"a","b":${'['.repeat(1_000_000)}`)).toEqual({ found: 'NO_JSON' });
    expect(scanModel(`{"b":${'['.repeat(900)}${']'.repeat(900)},"model":"a"}`)).toMatchObject({ found: 'MODEL' });
  });

  it('reads past huge strings and keys, and keeps no huge model', () => {
    const huge = 'x'.repeat(1_000_000);

    expect(scanModel(`{"${huge}":"${huge}","model":"a"}`)).toEqual({ found: 'MODEL', name: 'a', isWhole: true });
    const scanned = scanModel(`{"model":"${huge}"}`);
    expect(scanned.found === 'MODEL' && scanned.name.length).toBe(201);
  });
});
