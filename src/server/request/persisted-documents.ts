import { readFileSync } from 'node:fs';
import { type DocumentNode, type GraphQLSchema, parse, validate } from 'graphql';
import { z } from 'zod';
import { assetPath } from '../../asset-path.ts';
import { PersistedDocumentsError } from './persisted-documents-error.ts';

/** Documents that may be executed by id; with `only`, no others may. */
export interface PersistedDocuments {
  documents: ReadonlyMap<string, DocumentNode>;
  only: boolean;
}

const Documents = z.record(z.string(), z.string());

/** The documents of the typed client that comes with the service. */
const ownFile = assetPath('server/request/persisted-documents.json');

/**
 * The documents of these files, and those of the client that comes with the service: by id, ready to be executed.
 *
 * @throws PersistedDocumentsError for a file that cannot be read, a document that the schema does not allow, and an id
 * with two different documents
 */
export function readPersistedDocuments(
  schema: GraphQLSchema,
  files: readonly string[],
): ReadonlyMap<string, DocumentNode> {
  const texts = new Map<string, string>();
  const documents = new Map<string, DocumentNode>();
  for (const file of [ownFile, ...files]) {
    for (const [id, text] of Object.entries(readFile(file))) {
      if ((texts.get(id) ?? text) !== text) {
        throw new PersistedDocumentsError(`The document "${id}" in ${file} is another than in a file before it.`);
      }
      texts.set(id, text);
      documents.set(id, parseValid(schema, text, `The document "${id}" in ${file}`));
    }
  }
  return documents;
}

function readFile(file: string): Record<string, string> {
  const documents = Documents.safeParse(parseJson(file, readText(file)));
  if (documents.success) return documents.data;
  throw new PersistedDocumentsError(
    `The file of persisted documents ${file} must hold an object: {"<id>": "<document>"}.`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PersistedDocumentsError(`The file of persisted documents ${file} cannot be read.`, { cause });
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PersistedDocumentsError(`The file of persisted documents ${file} is not valid JSON.`, { cause });
  }
}

function parseValid(schema: GraphQLSchema, text: string, name: string): DocumentNode {
  try {
    const document = parse(text);
    const [fault] = validate(schema, document);
    if (!fault) return document;
    throw fault;
  } catch (fault) {
    throw new PersistedDocumentsError(`${name} is not valid: ${fault instanceof Error ? fault.message : fault}`);
  }
}
