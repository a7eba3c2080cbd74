import { BREAK, type DocumentNode, Kind, visit } from 'graphql';

/**
 * Tells whether a document selects one of these fields, under whatever alias and in whatever fragment, and also where it
 * would not be executed. The answer for a document is remembered as long as the document is.
 */
export function createFieldFinder(...names: string[]): (document: DocumentNode) => boolean {
  const known = new WeakMap<DocumentNode, boolean>();
  return (document) => {
    const found = known.get(document) ?? selects(document, names);
    known.set(document, found);
    return found;
  };
}

function selects(document: DocumentNode, names: readonly string[]): boolean {
  let found = false;
  visit(document, {
    [Kind.FIELD]({ name }) {
      found ||= names.includes(name.value);
      return found ? BREAK : undefined;
    },
  });
  return found;
}
