import { randomUUID } from 'node:crypto';

/** Replaced by a text of JSON in `toJson`. It is random, so that no value of a client can equal it. */
const placeholder = randomUUID();

/** The texts to put in the place of placeholders, in their order; undefined outside of `toJson`. */
let left: string[] | undefined;

/**
 * An object as the text of JSON that the database sent. `toJson` copies the text, in a tenth of the time that parsing and
 * serializing it takes; `JSON.stringify` gets the parsed object.
 */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    if (left === undefined) return JSON.parse(this.text);
    left.push(this.text);
    return placeholder;
  }
}

/** As `JSON.stringify`, but the text of a `JsonText` is copied. */
export function toJson(value: object): string {
  const texts: string[] = [];
  left = texts;
  try {
    const [first = '', ...others] = JSON.stringify(value).split(`"${placeholder}"`);
    return others.reduce((whole, part, index) => whole + texts[index] + part, first);
  } finally {
    left = undefined;
  }
}
