import { createHash } from 'node:crypto';
import { generate } from '@graphql-codegen/cli';
import { type GraphQLSchema, Kind, print, printSchema, stripIgnoredCharacters } from 'graphql';
import { documentText, readOperations } from '../clients/typescript/codegen/operations.ts';

/** What is generated of the console, and the texts of its documents by their ids. */
export async function consoleFiles(schema: GraphQLSchema) {
  const { operations, fragments } = readOperations('src/console/operations');
  const documents = operations.map((operation) => {
    const text = documentText(operation, fragments, (definition) => stripIgnoredCharacters(print(definition)));
    const id = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    return { name: operation.name?.value ?? '', kind: operation.operation, text, id };
  });
  const types: { content: string }[] = await generate(
    {
      schema: printSchema(schema),
      silent: true,
      generates: {
        'types.ts': {
          documents: print({ kind: Kind.DOCUMENT, definitions: [...fragments.values(), ...operations] }),
          plugins: ['typescript-operations'],
          config: {
            useTypeImports: true,
            enumsAsTypes: true,
            inlineFragmentTypes: 'combine',
            skipTypename: true,
            nonOptionalTypename: false,
            scalars: {
              ID: 'string',
              BigInt: 'string',
              DateTime: 'string',
              Decimal: 'string',
              JSONObject: 'Record<string, unknown>',
            },
          },
        },
      },
    },
    false,
  );
  const lines = documents.map(({ name, kind, text, id }) => {
    const type = `t.${name}${kind[0]?.toUpperCase()}${kind.slice(1)}`;
    return `export const ${name}: Operation<${type}, ${type}Variables> = { id: '${id}', text: '${text}' };`;
  });
  const head = ["import type { Operation } from '../graph/operation.ts';", "import type * as t from './types.ts';", ''];
  return {
    texts: Object.fromEntries(documents.map(({ id, text }) => [id, text])),
    files: [
      { filename: 'src/console/generated/types.ts', content: types.map(({ content }) => content).join('') },
      { filename: 'src/console/generated/operations.ts', content: `${[...head, ...lines].join('\n')}\n` },
    ],
  };
}
