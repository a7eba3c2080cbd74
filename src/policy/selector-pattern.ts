import { foldName, invisible, maxNameLength } from '../catalog/model-name.ts';

/** Characters before the `*` of a pattern at least: fewer would match nearly everything. */
const minPrefixLength = 2;

/** Whether a selector is a pattern: it matches every name that begins with what is before its `*`. */
export function isPattern(selector: string): boolean {
  return selector.endsWith('*');
}

/** What is before the `*` of a pattern; a name as it is. */
export function prefixOf(selector: string): string {
  return isPattern(selector) ? selector.slice(0, -1) : selector;
}

/** What is wrong with the form of a selector; undefined where nothing is. An earlier release stored any text. */
export function faultOf(selector: string): string | undefined {
  const prefix = prefixOf(selector);
  const folded = foldName(prefix);
  if (folded.startsWith('/')) {
    return 'must not begin with a slash: it is a name, or the beginning of one, not a regular expression';
  }
  if (folded.includes('*')) return 'must not have a * but at its end';
  if (!isPattern(selector)) return undefined;
  if (folded.length < minPrefixLength) return `must have at least ${minPrefixLength} characters before its *`;
  // Patterns are stored folded, and read again: some characters become many, and an id is folded to what may look like one.
  if (folded.length >= maxNameLength || foldName(folded) !== folded) return 'must have a plain name before its *';
  return /\s$/.test(prefix) ? 'must not have a blank before its *' : undefined;
}

/** What the names begin with, folded, that a pattern matches; null for one of an earlier release, which matches nothing. */
export function effectivePrefix(pattern: string): string | null {
  return faultOf(pattern) === undefined && !invisible.test(pattern) ? foldName(prefixOf(pattern)) : null;
}
