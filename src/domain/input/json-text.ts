import { randomUUID } from 'node:crypto';

/** Stands for a text while what is around it is written: nobody else knows it, so that nothing else can be taken for it. */
const placeholder = randomUUID();

/** The texts whose places have been left; undefined while nothing is written. */
let left: string[] | undefined;

/**
 * An object as the JSON that the database has of it. `toJson` copies it, which takes a tenth of the time of parsing and writing
 * it; whoever else writes JSON gets the object.
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

/** As `JSON.stringify`, but texts of JSON are copied. */
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
