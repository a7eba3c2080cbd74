import { createHash } from 'node:crypto';
import {
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  print,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import { documentText, type Operations, withTypename } from './operations.ts';

interface Written {
  /** The module that exports the documents. */
  documents: string;
  /** The module of the fragments that they spread. */
  fragments: string;
  /** The texts of the documents by their ids: the service knows them by these. */
  texts: Record<string, string>;
}

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** Writes the operations, and the fragments that an application reads its cache with: those named `…Fields`. */
export function writeDocuments({ operations, fragments }: Operations): Written {
  const hashed = operations.map((operation) => {
    const text = documentText(operation, fragments, textOf);
    const hash = createHash('sha256').update(text).digest();
    return { operation, text, hash: hash.toString('hex'), written: hash.toString('base64') };
  });
  const all = [...fragments.values()];
  return {
    texts: Object.fromEntries(hashed.map(({ hash, text }) => [`sha256:${hash}`, text])),
    fragments: lines(
      'export const fragments: Record<string, string> = {',
      ...all.map((fragment) => `  ${fragment.name.value}: '${textOf(fragment)}',`),
      '};',
    ),
    documents: lines(
      "import type { TypedDocumentNode as Doc } from '@graphql-typed-document-node/core';",
      "import { document, fragment } from '../document.ts';",
      "import type * as t from './types.ts';",
      '',
      ...commonParts.map(({ name, part }) => `const ${name} = '${part}';`),
      '',
      ...all
        .map(({ name }) => name.value)
        .filter((name) => name.endsWith('Fields'))
        .map((name) => constant(`${name}FragmentDoc`, `t.${name}Fragment, unknown`, `fragment('${name}')`)),
      ...hashed.map(({ operation, written }) => operationConstant(operation, written)),
    ),
  };
}

/** What many definitions have in common, under names, as it would else be a third of the module. */
const commonParts = [
  { name: 'change', part: '(input:$input){__typename ' },
  { name: 'denied', part: '...AnyError ...ForbiddenError ' },
  { name: 'invalid', part: '...UnauthenticatedError ...ValidationError' },
  { name: 'within', part: '{organization(id:$organizationId){__typename id ' },
  { name: 'paged', part: '(first:$first after:$after){__typename edges{__typename node{__typename ' },
  { name: 'page', part: 'pageInfo{__typename ...PageFields}}' },
];

function operationConstant(operation: OperationDefinitionNode, hash: string): string {
  const name = operation.name?.value ?? '';
  const type = `t.${name}${operation.operation[0]?.toUpperCase()}${operation.operation.slice(1)}`;
  return constant(
    `${name}Document`,
    `${type}, ${type}Variables`,
    `document(${literalOf(textOf(operation))}, '${hash}')`,
  );
}

function literalOf(text: string): string {
  const shortened = commonParts.reduce((left, { name, part }) => left.replaceAll(part, `\${${name}}`), text);
  return shortened === text ? `'${text}'` : `\`${shortened}\``;
}

// A bundle holds only those that are imported.
function constant(name: string, types: string, value: string): string {
  return `export const ${name}: Doc<${types}> = /* @__PURE__ */ ${value};`;
}

/** As it is sent: each field that has selections has `__typename` among them, so that caches and applications know what it is. */
function textOf(definition: Definition): string {
  const sent: Definition = visit(definition, {
    Field: ({ selectionSet, ...field }) => selectionSet && { ...field, selectionSet: withTypename(selectionSet) },
  });
  return stripIgnoredCharacters(print(sent));
}

function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}
