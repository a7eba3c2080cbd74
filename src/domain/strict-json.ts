/** JSON that readers would understand differently. */
export class AmbiguousJsonError extends SyntaxError {}

const [quote, backslash, comma, openBrace, closeBrace, openBracket, closeBracket] = [...'"\\,{}[]'].map((character) =>
  character.charCodeAt(0),
);

/**
 * Parses JSON that means one thing only: no object has a name twice, of which readers take the one or the other, and none
 * is called `__proto__`.
 *
 * @throws SyntaxError; AmbiguousJsonError where the JSON itself is well-formed
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  checkNames(text);
  return value;
}

/**
 * As `parseStrictJson`, of what is known to be JSON. It is read once, without recursion: it may be nested as deep as it is long.
 *
 * @throws AmbiguousJsonError
 */
export function checkNames(text: string): void {
  // The names of each object that is open, a single one without a set; null for an array.
  const open: (Set<string> | string | undefined | null)[] = [];
  let mayBeName = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) {
      const end = endOfString(text, index);
      if (mayBeName) open[open.length - 1] = withName(open.at(-1), text.slice(index, end));
      mayBeName = false;
      index = end - 1;
    } else if (code === openBrace) {
      open.push(undefined);
      mayBeName = true;
    } else if (code === openBracket) {
      open.push(null);
    } else if (code === closeBrace || code === closeBracket) {
      open.pop();
      mayBeName = false;
    } else if (code === comma) {
      mayBeName = open.at(-1) !== null;
    }
  }
}

/** Where the string that begins here is over: after a quote with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let end = start; ; ) {
    end = text.indexOf('"', end + 1);
    let before = end;
    while (text.charCodeAt(before - 1) === backslash) before -= 1;
    if ((end - before) % 2 === 0) return end + 1;
  }
}

function withName(names: Set<string> | string | undefined | null, literal: string): Set<string> | string {
  const name: string = literal.includes('\\') ? JSON.parse(literal) : literal.slice(1, -1);
  if (name === '__proto__') throw new AmbiguousJsonError('No name may be "__proto__"');
  if (names === undefined || names === null) return name;

  const all = typeof names === 'string' ? new Set([names]) : names;
  if (all.has(name))
    throw new AmbiguousJsonError(`The name ${JSON.stringify(name.slice(0, 100))} stands twice in an object`);
  return all.add(name);
}
