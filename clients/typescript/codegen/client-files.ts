import type { GraphQLSchema } from 'graphql';
import { readOperations } from './operations.ts';
import { writeDocuments } from './write-documents.ts';
import { writePossibleTypes } from './write-possible-types.ts';
import { writeTypes } from './write-types.ts';

/** Where the service finds the documents that the client may send by their ids. */
export const persistedDocuments = 'src/server/request/persisted-documents.json';

/** What is generated of the client, and of the service for it. */
export async function clientFiles(schema: GraphQLSchema): Promise<{ filename: string; content: string }[]> {
  const operations = readOperations('clients/typescript/operations');
  const { documents, fragments, texts } = writeDocuments(operations);
  const generated = {
    'documents.ts': documents,
    'fragments.ts': fragments,
    'possible-types.ts': writePossibleTypes(schema),
    'types.ts': await writeTypes(operations, schema),
  };
  return [
    ...Object.entries(generated).map(([name, content]) => ({
      filename: `clients/typescript/src/generated/${name}`,
      content,
    })),
    { filename: persistedDocuments, content: `${JSON.stringify(texts, null, 2)}\n` },
  ];
}
