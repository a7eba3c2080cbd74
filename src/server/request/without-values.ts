/** Characters of a message at most: the names in a request may be as long as the request. */
const maxLength = 1_000;

/** A token of a document, as a syntax error tells it: what stands in quotes behind it is the document's. */
const token = /(?:found|Unexpected) (?:BlockString|String|Name|Int|Float) "/;

/**
 * What graphql-js says of a document that does not fit, without the values that it quotes: one that is wrong is quoted whole,
 * and may be a secret. Types and the names of fields stay. A text of any length is searched once for each marker: what is in
 * front of the first one is graphql-js' own.
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
