import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { DocumentNode } from 'graphql';
import { fragments } from './generated/fragments.ts';
import { parse } from './parse.ts';

interface Meta {
  hash: string;
  text: string;
}

/**
 * A document of a definition, and the SHA-256 of the whole in base64, which is a third shorter: a tree, as clients take it, that has its text and hash in it.
 *
 * @public What is generated calls it.
 */
export function document<Result, Variables>(definition: string, hash = ''): TypedDocumentNode<Result, Variables> {
  const parts = new Set([definition]);
  // What is added on the way is visited too: each fragment comes where it is first needed.
  for (const part of parts)
    for (const [, name = ''] of part.matchAll(/\.\.\.(?!on )(\w+)/g)) parts.add(fragments[name] ?? '');
  const text = [...parts].join('');
  const digits = [...atob(hash)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'));
  const meta: Meta = { hash: `sha256:${digits.join('')}`, text };
  // Its types are those that were generated for the text.
  return { ...parse(text), __meta__: meta } as unknown as TypedDocumentNode<Result, Variables>;
}

/**
 * The document of a fragment, by its name.
 *
 * @public What is generated calls it.
 */
export function fragment<Result>(name: string): TypedDocumentNode<Result, unknown> {
  return document(fragments[name] ?? '');
}

/**
 * The id of an operation of this package: `sha256:` and 64 hexadecimal digits. A service whose PERSISTED_DOCUMENTS has it
 * takes it as `documentId` in place of the text.
 *
 * @throws TypeError for any other document
 */
export function idOf(document: DocumentNode): string {
  return metaOf(document).hash;
}

/**
 * An operation of this package as text, to be sent as `query`.
 *
 * @throws TypeError for any other document
 */
export function textOf(document: DocumentNode): string {
  return metaOf(document).text;
}

function metaOf(document: DocumentNode): Meta {
  const { __meta__: meta } = document as { __meta__?: Meta };
  if (meta === undefined) throw new TypeError('This is no document of @modelgate/client.');
  return meta;
}
