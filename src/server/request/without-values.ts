/** Characters of a message at most: the names in a request may be as long as the request. */
const maxLength = 1_000;

/** A token in the message of a syntax error: what follows in quotes is from the document. */
const token = /(?:found|Unexpected) (?:BlockString|String|Name|Int|Float) "/;

/**
 * The message of a graphql-js error without the values that it quotes: a wrong value is quoted whole, and may be a secret. The
 * names of types and fields stay. A text of any length is searched once for each marker: what is in front of the first one is
 * from graphql-js.
 */
export function withoutValues(message: string): string {
  const told = ownTextOf(message);
  return told.length <= maxLength ? told : `${told.slice(0, maxLength)}…`;
}

function ownTextOf(message: string): string {
  if (message.startsWith('Value "')) {
    const end = message.lastIndexOf('" does not exist in "');
    return end < 0 ? 'This value does not exist' : `This value${message.slice(end + 1)}`;
  }
  if (message.startsWith('Expected value of type "')) return upTo(message, '", found ', '", found another');
  if (message.startsWith('Syntax Error: ')) {
    const found = token.exec(message);
    return found ? `${message.slice(0, found.index + found[0].length - 2)}.` : message;
  }
  if (message.includes(' cannot represent ')) return upTo(message, ': ', '');
  return upTo(upTo(message, ' has invalid value ', ' has invalid value'), ' got invalid value ', ' got invalid value');
}

function upTo(text: string, marker: string, instead: string): string {
  const end = text.indexOf(marker);
  return end < 0 ? text : text.slice(0, end) + instead;
}
