import { maxNameLength } from '../../catalog/model-name.ts';
import { cut, endOfLiteral, endOfString, invalid } from './json-tokens.ts';

/** What the body of a call to a model says about the model. */
export type Scanned =
  /** Its only top-level `model`. `isWhole`: the body has been read to its end, so that there is no other one. */
  | { found: 'MODEL'; name: string; isWhole: boolean }
  /** `NO_NAME`: its first `model` is no text. `CUT`: it ends before its `model`. `AMBIGUOUS`: it has several, of which parsers
   * take one or the other. `NO_JSON`: it is no JSON object. */
  | { found: 'NOTHING' | 'NO_NAME' | 'CUT' | 'AMBIGUOUS' | 'NO_JSON' };

/** Levels of objects and lists at most. A deeper body is not read on. */
const maxDepth = 1_000;

const keyOfModel = 'model';

/** Characters of a key or a name in JSON at most: each character can be written as `\uXXXX`, between quotes. */
const longestKey = 6 * keyOfModel.length + 2;
const longestName = 6 * maxNameLength + 2;

const [quote, comma, colon, openBrace, closeBrace, openBracket, closeBracket] = [...'",:{}[]'].map((one) =>
  one.charCodeAt(0),
);
const byteOrderMark = 0xfeff;

/**
 * Finds the top-level `model` of a JSON object, in a body or in the beginning of one: one pass, without recursion, and nothing is
 * built of the rest. It reads on to the end, since the last of several `model`s wins in most parsers, and in some that of another
 * case (`Model`) counts: a body with such names is ambiguous. What is not well-formed is no JSON, since parsers that read it all the
 * same differ in what they read.
 */
export function scanModel(body: string): Scanned {
  return new Scan(body).run();
}

/** What may come next. */
type Expected = 'KEY' | 'KEY_OR_END' | 'COLON' | 'VALUE' | 'VALUE_OR_END' | 'COMMA_OR_END' | 'NOTHING';

class Scan {
  readonly #text: string;
  #index: number;
  #expected: Expected = 'VALUE';
  /** Whether each open level is an object. */
  readonly #open = new Uint8Array(maxDepth);
  #depth = 0;
  #isModelNext = false;
  #name: string | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#index = text.charCodeAt(0) === byteOrderMark ? 1 : 0;
  }

  run(): Scanned {
    while (this.#index < this.#text.length) {
      const code = this.#text.charCodeAt(this.#index);
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
        this.#index += 1;
        continue;
      }
      const scanned = this.#take(code);
      if (scanned) return scanned;
    }
    if (this.#expected !== 'NOTHING') return this.#ended(cut);
    return this.#name === undefined ? { found: 'NOTHING' } : { found: 'MODEL', name: this.#name, isWhole: true };
  }

  /** Reads one token; undefined where the scan goes on. */
  #take(code: number): Scanned | undefined {
    switch (this.#expected) {
      case 'KEY':
        return code === quote ? this.#takeKey() : { found: 'NO_JSON' };
      case 'KEY_OR_END':
        return code === quote ? this.#takeKey() : this.#close(code);
      case 'COLON':
        return code === colon ? this.#step('VALUE') : { found: 'NO_JSON' };
      case 'VALUE':
        return this.#takeValue(code);
      case 'VALUE_OR_END':
        return code === closeBracket ? this.#close(code) : this.#takeValue(code);
      case 'COMMA_OR_END':
        return code === comma ? this.#step(this.#isInObject() ? 'KEY' : 'VALUE') : this.#close(code);
      case 'NOTHING':
        return { found: 'NO_JSON' };
    }
  }

  #takeKey(): Scanned | undefined {
    const start = this.#index;
    const end = endOfString(this.#text, start);
    if (end < 0) return this.#ended(end);
    if (this.#depth === 1 && end - start <= longestKey) {
      const key = unquoted(this.#text, start, end);
      if (key.toLowerCase() === keyOfModel) {
        if (this.#name !== undefined || key !== keyOfModel) return { found: 'AMBIGUOUS' };
        this.#isModelNext = true;
      }
    }
    return this.#step('COLON', end);
  }

  #takeValue(code: number): Scanned | undefined {
    const isModel = this.#isModelNext;
    this.#isModelNext = false;
    if (isModel && code !== quote) return { found: 'NO_NAME' };
    if (code === openBrace || code === openBracket) return this.#openLevel(code === openBrace);
    // Text and numbers are no body of a call.
    if (this.#depth === 0) return { found: 'NO_JSON' };

    const start = this.#index;
    const end = code === quote ? endOfString(this.#text, start) : endOfLiteral(this.#text, start);
    if (end < 0) return this.#ended(end);
    if (isModel) this.#name = nameIn(this.#text, start, end);
    return this.#step('COMMA_OR_END', end);
  }

  #openLevel(isObject: boolean): Scanned | undefined {
    if (this.#depth === maxDepth || (this.#depth === 0 && !isObject)) return { found: 'NO_JSON' };
    this.#open[this.#depth] = isObject ? 1 : 0;
    this.#depth += 1;
    return this.#step(isObject ? 'KEY_OR_END' : 'VALUE_OR_END');
  }

  #close(code: number): Scanned | undefined {
    if (code !== (this.#isInObject() ? closeBrace : closeBracket)) return { found: 'NO_JSON' };
    this.#depth -= 1;
    return this.#step(this.#depth === 0 ? 'NOTHING' : 'COMMA_OR_END');
  }

  #isInObject(): boolean {
    return this.#open[this.#depth - 1] === 1;
  }

  #step(expected: Expected, index = this.#index + 1): undefined {
    this.#expected = expected;
    this.#index = index;
  }

  #ended(end: number): Scanned {
    if (end === invalid) return { found: 'NO_JSON' };
    return this.#name === undefined ? { found: 'CUT' } : { found: 'MODEL', name: this.#name, isWhole: false };
  }
}

/** The value of the model: too long a name is cut, and names no model then either. */
function nameIn(text: string, start: number, end: number): string {
  return end - start > longestName ? text.slice(start + 1, start + maxNameLength + 2) : unquoted(text, start, end);
}

function unquoted(text: string, start: number, end: number): string {
  return JSON.parse(text.slice(start, end)) as string;
}
