/** The end of a token that the text does not reach. */
export const cut = -1;

/** The end of what is no token. */
export const invalid = -2;

const [quote, backslash] = [...'"\\'].map((one) => one.charCodeAt(0));

/** The end of the string whose quote is at `start`. */
export function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) return index + 1;
    if (code < 0x20) return invalid;
    if (code === backslash) {
      const length = lengthOfEscape(text, index);
      if (length < 0) return length;
      index += length - 1;
    }
  }
  return cut;
}

const isShortEscape = new Uint8Array(0x80);
for (const one of '"\\/bfnrt') isShortEscape[one.charCodeAt(0)] = 1;

function lengthOfEscape(text: string, start: number): number {
  if (start + 1 === text.length) return cut;
  if (isShortEscape[text.charCodeAt(start + 1)] === 1) return 2;
  const escaped = text.slice(start, start + 6);
  if (/^\\u[\da-fA-F]{4}$/.test(escaped)) return 6;
  return start + escaped.length === text.length && /^\\u[\da-fA-F]{0,3}$/.test(escaped) ? cut : invalid;
}

/** The end of a number, `true`, `false` or `null` that begins at `start`. */
export function endOfLiteral(text: string, start: number): number {
  const word = /[\w.+-]*/y;
  word.lastIndex = start;
  word.test(text);
  const end = word.lastIndex;
  // Its rest can be behind the cut.
  if (end === text.length) return cut;
  return /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(text.slice(start, end))
    ? end
    : invalid;
}
