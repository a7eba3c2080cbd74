// Compares what a page shows with what was answered, but for what differs each time: times, ids, tokens, cursors.

/** One value after another: an answer of several requests. */
export function jsonValues(text: string): unknown[] {
  const values: unknown[] = [];
  let start = 0;
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (isInString) {
      if (character === '\\') index += 1;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{' || character === '[') {
      if (depth === 0) start = index;
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) values.push(JSON.parse(text.slice(start, index + 1)));
    }
  }
  return values;
}

/** What is the same each time. */
export function lasting(value: unknown): unknown {
  if (typeof value === 'string') return lastingText(value);
  if (Array.isArray(value)) return value.map(lasting);
  if (value === null || typeof value !== 'object') return value;
  const isOfApiKey = 'scopes' in value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (name === 'endCursor' || name === 'startCursor' || name === 'cursor') return [name, typeof member];
      if (name === 'last4' && isOfApiKey) return [name, '<last4>'];
      return [name, lasting(member)];
    }),
  );
}

export function lastingText(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>')
    .replaceAll(/\bevl_[0-9a-f]{32}\b/g, '<evl>')
    .replaceAll(/\bmg[kp]_[\w…-]+/g, '<secret>')
    .replaceAll(/\b([a-z]{3,4})_(?:[0-9][0-9a-z]{25}\b|…)/g, '<$1>')
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>');
}
