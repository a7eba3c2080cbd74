import type { DocumentNode } from 'graphql';
import * as client from '../../clients/typescript/src/index.ts';

/** The operations that the client exports. */
export const clientOperations = Object.entries(client).flatMap(([name, value]) =>
  name.endsWith('Document') ? [{ name, document: value as DocumentNode }] : [],
);
