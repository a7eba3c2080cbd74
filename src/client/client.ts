// What an application imports from `modelgate/client`: typed documents for every GraphQL client that takes a
// TypedDocumentNode, and their texts for plain `fetch`. It loads nothing but data.
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import texts from './persisted-documents.json' with { type: 'json' };

export * from './generated/graphql.ts';

/**
 * The id of one of these documents, `sha256:` and 64 hexadecimal digits. A service whose PERSISTED_DOCUMENTS has it takes
 * it as `documentId` in place of the text.
 */
export function idOf(document: DocumentTypeDecoration<unknown, never>): string {
  return (document as unknown as { __meta__: { hash: string } }).__meta__.hash;
}

/** One of these documents as text, to be sent as `query`. */
export function textOf(document: DocumentTypeDecoration<unknown, never>): string {
  const text = (texts as Record<string, string>)[idOf(document)];
  if (text === undefined) throw new TypeError('This is no document of modelgate/client.');
  return text;
}
