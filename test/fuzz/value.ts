/** A name among an enum's values, or one that is none. */
export class EnumValue {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  toJSON(): string {
    return this.name;
  }
}

/** A value of an input, as a literal or in variables. */
export type Value = null | boolean | number | string | EnumValue | Value[] | { [name: string]: Value };

/** As it stands in a document. */
export function literalOf(value: Value): string {
  if (value instanceof EnumValue) return value.name;
  if (Array.isArray(value)) return `[${value.map(literalOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, inner]) => `${name}: ${literalOf(inner)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
}
