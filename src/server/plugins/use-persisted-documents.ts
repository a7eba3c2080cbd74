import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import { type DocumentNode, GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { malformedRequest } from '../request/malformed-request.ts';

interface PersistedDocumentsOptions {
  documents: ReadonlyMap<string, DocumentNode>;
  /** Whether the request may send any document. */
  mayBringOwn: (params: GraphQLParams) => boolean;
}

/**
 * Executes persisted documents by id: of Apollo clients (`extensions.persistedQuery.sha256Hash`), of the draft of GraphQL over
 * HTTP (`documentId`), of Relay (`doc_id`). They were validated at the start of the service, and skip the limits of documents;
 * their cost is limited like that of any other. Comes after those limits.
 */
export function usePersistedDocuments({ documents, mayBringOwn }: PersistedDocumentsOptions): Plugin[] {
  const owners = new WeakSet<Request>();
  return [
    {
      onParams({ request, params }) {
        if (mayBringOwn(params)) owners.add(request);
      },
    },
    usePersistedOperations({
      allowArbitraryOperations: (request) => owners.has(request),
      extractPersistedOperationId: idOf,
      // Apollo clients send the hash without `sha256:`.
      getPersistedOperation: (id) => documents.get(id) ?? documents.get(`sha256:${id}`) ?? null,
      skipDocumentValidation: true,
      customErrors: {
        // On this message Apollo clients send the document itself.
        notFound: () => malformedRequest('PersistedQueryNotFound'),
        keyNotFound: () => malformedRequest('Must provide query string, or the id of a persisted document.'),
        persistedQueryOnly: () => malformedRequest('Only persisted documents are answered; ask for one by its id.'),
      },
    }),
  ];
}

/**
 * Where there are no persisted documents. On this message Apollo clients send the document, and never the hash alone again; some
 * of them read it only where the status is 200.
 */
export function useNoPersistedDocuments(): Plugin {
  return {
    onParams({ params }) {
      if (params.query || idOf(params) === null) return;
      throw new GraphQLError('PersistedQueryNotSupported', { extensions: { http: { status: 200 } } });
    },
  };
}

/** The id of a persisted document; the types of the parameters are not checked yet. */
function idOf(params: GraphQLParams & { documentId?: unknown; doc_id?: unknown }): string | null {
  const { extensions, documentId, doc_id: docId } = params;
  const persistedQuery: unknown = extensions?.persistedQuery;
  const hash =
    typeof persistedQuery === 'object' && persistedQuery && 'sha256Hash' in persistedQuery && persistedQuery.sha256Hash;
  return [hash, documentId, docId].find((id) => typeof id === 'string') ?? null;
}
