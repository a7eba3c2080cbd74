import { excerpt } from '../errors/base.ts';
import { ScimError, type ScimType } from '../errors/scim.ts';

/** `attribute eq value`; `within` are the comparisons in brackets: `emails[type eq "work"].value eq "x"`. */
export interface Comparison {
  /** As it was given, without the schema. */
  attribute: string;
  within: readonly Comparison[];
  value: string | boolean;
}

const maxLength = 1_000;
const maxComparisons = 10;

const supported = 'only eq and and are supported, as in: userName eq "x" and active eq true';

/**
 * Parses a filter: comparisons by `eq`, joined by `and`. Directories send no others.
 * @throws ScimError
 */
export function parseFilter(text: string): Comparison[] {
  const scanner = new Scanner(text, 'invalidFilter');
  const comparisons = parseComparisons(scanner);
  scanner.end();
  return comparisons;
}

/** Comparisons up to the end of the text, or a closing bracket, which is not read. */
export function parseComparisons(scanner: Scanner): Comparison[] {
  const comparisons = [parseComparison(scanner)];
  while (scanner.read(/\s+and\s+/iy)) {
    comparisons.push(parseComparison(scanner));
    if (comparisons.length > maxComparisons) throw scanner.fault(`there are more than ${maxComparisons} comparisons`);
  }
  return comparisons;
}

function parseComparison(scanner: Scanner): Comparison {
  scanner.read(/\s*/y);
  scanner.read(/urn:[\w:.-]+:/iy);
  let attribute = scanner.name();
  let within: Comparison[] = [];
  if (scanner.read(/\[/y)) {
    within = parseComparisons(scanner);
    scanner.expect(/\s*\]/y);
    // emails[type eq "work" and value eq "x"] compares the value within.
    const index = within.findIndex((inner) => inner.attribute.toLowerCase() === 'value');
    const [inner] = scanner.rest().startsWith('.') ? [] : within.splice(index < 0 ? within.length : index, 1);
    if (inner) return { attribute: `${attribute}.value`, within, value: inner.value };
  }
  if (scanner.read(/\./y)) attribute += `.${scanner.name()}`;
  scanner.expect(/\s+eq\s+/iy);
  return { attribute, within, value: scanner.value() };
}

/** Reads a text from its start to its end. */
export class Scanner {
  readonly #text: string;
  readonly #scimType: ScimType;
  #position = 0;

  constructor(text: string, scimType: ScimType) {
    this.#text = text;
    this.#scimType = scimType;
    if (text.length > maxLength) throw this.fault(`it is longer than ${maxLength} characters`);
  }

  /** What a sticky pattern matches here; undefined where it does not. */
  read(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#position += found.length;
    return found;
  }

  expect(pattern: RegExp): string {
    const found = this.read(pattern);
    if (found === undefined) throw this.fault(supported);
    return found;
  }

  name(): string {
    return this.expect(/[a-z$][\w$-]*/iy);
  }

  value(): string | boolean {
    const literal = this.expect(/"(?:[^"\\]|\\.)*"|true\b|false\b/iy);
    if (!literal.startsWith('"')) return literal.toLowerCase() === 'true';
    try {
      const value: string = JSON.parse(literal);
      if (!/[\0\p{Cs}]/u.test(value)) return value;
    } catch {
      // Told below.
    }
    throw this.fault('a value is no JSON string');
  }

  rest(): string {
    return this.#text.slice(this.#position);
  }

  end(): void {
    if (this.rest().trim() !== '') throw this.fault(supported);
  }

  fault(why: string): ScimError {
    return new ScimError(this.#scimType, `Cannot understand ${JSON.stringify(excerpt(this.#text))}: ${why}`);
  }
}
