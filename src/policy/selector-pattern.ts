/** Characters before the `*` of a pattern at least: fewer would match nearly everything. */
export const minPrefixLength = 2;

/** Whether a selector is a pattern: it matches every name that begins with what is before its `*`. */
export function isPattern(selector: string): boolean {
  return selector.endsWith('*');
}

/** What is before the `*` of a pattern; a name as it is. */
export function prefixOf(selector: string): string {
  return isPattern(selector) ? selector.slice(0, -1) : selector;
}
