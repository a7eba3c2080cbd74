import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import { type DocumentNode, GraphQLError } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { malformedRequest } from '../request/malformed-request.ts';

interface PersistedDocumentsOptions {
  documents: ReadonlyMap<string, DocumentNode>;
  /** Whether the request may bring a document of its own. */
  mayBringOwn: (params: GraphQLParams) => boolean;
}

/**
 * Answers documents that are asked for by id: as Apollo clients do (`extensions.persistedQuery.sha256Hash`), as GraphQL over
 * HTTP drafts it (`documentId`), or as Relay does (`doc_id`). They were validated when the service started, and the limits of
 * documents are not for them; what they cost is limited like that of any other. Comes after those limits.
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
      // Apollo clients say the hash alone.
      getPersistedOperation: (id) => documents.get(id) ?? documents.get(`sha256:${id}`) ?? null,
      skipDocumentValidation: true,
      customErrors: {
        // The word that makes Apollo clients send the document itself.
        notFound: () => malformedRequest('PersistedQueryNotFound'),
        keyNotFound: () => malformedRequest('Must provide query string, or the id of a persisted document.'),
        persistedQueryOnly: () => malformedRequest('Only persisted documents are answered; ask for one by its id.'),
      },
    }),
  ];
}

/**
 * Where no documents are known beforehand. Apollo clients that ask by a hash take the word for what it is: they send the document,
 * and never the hash alone again; some of them read it only where the status is 200.
 */
export function useNoPersistedDocuments(): Plugin {
  return {
    onParams({ params }) {
      if (params.query || idOf(params) === null) return;
      throw new GraphQLError('PersistedQueryNotSupported', { extensions: { http: { status: 200 } } });
    },
  };
}

/** A request as it may come: nothing of it is checked yet. */
function idOf(params: GraphQLParams & { documentId?: unknown; doc_id?: unknown }): string | null {
  const { extensions, documentId, doc_id: docId } = params;
  const persistedQuery: unknown = extensions?.persistedQuery;
  const hash =
    typeof persistedQuery === 'object' && persistedQuery && 'sha256Hash' in persistedQuery && persistedQuery.sha256Hash;
  return [hash, documentId, docId].find((id) => typeof id === 'string') ?? null;
}
