/** A price as a JSON number; null where it is not known: never 0 for that. */
export function toNumber(decimal: string | null | undefined): number | null {
  return decimal == null ? null : Number(decimal);
}
