import type { GraphQLSchema } from 'graphql';
import { readOperations } from './operations.ts';
import { writeDocuments } from './write-documents.ts';
import { writePossibleTypes } from './write-possible-types.ts';
import { writeTypes } from './write-types.ts';

/** What is generated of the client, and the texts of its documents by their ids. */
export async function clientFiles(schema: GraphQLSchema) {
  const operations = readOperations('clients/typescript/operations');
  const { documents, fragments, texts } = writeDocuments(operations);
  const generated = {
    'documents.ts': documents,
    'fragments.ts': fragments,
    'possible-types.ts': writePossibleTypes(schema),
    'types.ts': await writeTypes(operations, schema),
  };
  return {
    texts,
    files: Object.entries(generated).map(([name, content]) => ({
      filename: `clients/typescript/src/generated/${name}`,
      content,
    })),
  };
}
