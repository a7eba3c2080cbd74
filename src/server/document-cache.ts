/** Characters of all documents that are remembered; a parsed one takes up to some 200 bytes for each. */
const maxCharacters = 500_000;

/** What became of documents, by their text. Those that were asked for longest ago go first. */
export function createDocumentCache<Value>() {
  const values = new Map<string, Value>();
  let characters = 0;
  const forget = (text: string) => {
    if (values.delete(text)) characters -= text.length;
  };
  const remember = (text: string, value: Value) => {
    forget(text);
    values.set(text, value);
    characters += text.length;
  };
  return {
    get: (text: string): Value | undefined => {
      const value = values.get(text);
      if (value !== undefined) remember(text, value);
      return value;
    },
    set: (text: string, value: Value): void => {
      remember(text, value);
      for (const oldest of values.keys()) {
        if (characters <= maxCharacters) break;
        forget(oldest);
      }
    },
  };
}
