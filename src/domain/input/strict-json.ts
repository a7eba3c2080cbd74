import { maxJsonDepth } from '../../limits.ts';

/** JSON that is refused though it may be well-formed. The message says why, and quotes no values. */
export class RefusedJsonError extends SyntaxError {}

const [quote, backslash, comma, openBrace, closeBrace, openBracket, closeBracket] = [...'"\\,{}[]'].map((character) =>
  character.charCodeAt(0),
);

/**
 * Parses JSON that is unambiguous: no object has a name twice, of which parsers take one or the other, and no name is
 * `__proto__`. The depth is checked before it is parsed: a body could hold half a million levels, each of which takes more
 * than a hundred bytes of memory.
 *
 * @throws SyntaxError; RefusedJsonError
 */
export function parseStrictJson(text: string): unknown {
  checkJson(text);
  return JSON.parse(text);
}

/**
 * Refuses well-formed JSON that `parseStrictJson` refuses; it does not check that JSON is well-formed. One pass, without
 * recursion.
 *
 * @throws RefusedJsonError; SyntaxError for a name with invalid escapes
 */
export function checkJson(text: string): void {
  // The names of each open object: a single one as a string, several as a set; null for an array.
  const open: (Set<string> | string | undefined | null)[] = [];
  let mayBeName = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      const end = endOfString(text, index);
      if (mayBeName) open[open.length - 1] = withName(open.at(-1), text.slice(index, end));
      mayBeName = false;
      index = end - 1;
    } else if (code === openBrace || code === openBracket) {
      mayBeName = code === openBrace;
      if (open.push(mayBeName ? undefined : null) > maxJsonDepth)
        throw new RefusedJsonError(`It must not be nested deeper than ${maxJsonDepth} levels`);
    } else if (code === closeBrace || code === closeBracket) {
      open.pop();
      mayBeName = false;
    } else if (code === comma) {
      mayBeName = open.at(-1) !== null;
    }
  }
}

/** The end of the string that starts here: after a quote with an even number of backslashes before it, else that of the text. */
function endOfString(text: string, start: number): number {
  for (let end = start; ; ) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
    let before = end;
    while (text.charCodeAt(before - 1) === backslash) before -= 1;
    if ((end - before) % 2 === 0) return end + 1;
  }
}

function withName(names: Set<string> | string | undefined | null, literal: string): Set<string> | string {
  const name: string = literal.includes('\\') ? JSON.parse(literal) : literal.slice(1, -1);
  if (name === '__proto__') throw new RefusedJsonError('No name may be "__proto__"');
  if (names === undefined || names === null) return name;

  const all = typeof names === 'string' ? new Set([names]) : names;
  if (all.has(name))
    throw new RefusedJsonError(`The name ${JSON.stringify(name.slice(0, 100))} stands twice in an object`);
  return all.add(name);
}
