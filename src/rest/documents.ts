import { type DocumentNode, parse } from 'graphql';
import type { Graph } from './graph.ts';
import { refusalSelection, refusedBy } from './http-error.ts';
import type { Row } from './view.ts';

/** All documents that are asked, for the tests that validate and price them. */
export const documents: DocumentNode[] = [];

/** A query, as a function of its variables. */
export function query(text: string): (graph: Graph, variables: Row) => Promise<Row> {
  const document = parse(text, { noLocation: true });
  documents.push(document);
  return (graph, variables) => graph.ask(document, variables);
}

const filterTypes = { models: 'ModelFilter', modelConfigs: 'ModelConfigFilter' };

interface ListOptions {
  filter?: Row;
  /** Called once the first page was read, where it is not the only one. @throws where the others must not be read */
  beforeOthers?: (graph: Graph, organizationId: string) => Promise<void>;
}

/**
 * A list of an organization, read page by page: the two systems know no cursors. The filter is a variable, as a document with an
 * object in it is not compiled.
 */
export function list(
  name: string,
  field: keyof typeof filterTypes | 'providerKeys',
  paths: readonly string[],
  { filter, beforeOthers }: ListOptions = {},
): (graph: Graph, organizationId: string) => Promise<Row[]> {
  const page = `{ edges { node { ${selectionOf(paths)} } } pageInfo { hasNextPage endCursor } }`;
  const readPage = query(
    field === 'providerKeys'
      ? `query ${name}($organizationId: ID!, $after: String) {
          organization(id: $organizationId) { page: providerKeys(after: $after) ${page} }
        }`
      : `query ${name}($organizationId: ID!, $filter: ${filterTypes[field]}, $after: String) {
          page: ${field}(organizationId: $organizationId, filter: $filter, after: $after) ${page}
        }`,
  );
  return async (graph, organizationId) => {
    const rows: Row[] = [];
    let after: string | null = null;
    do {
      const data: Row = await readPage(graph, { organizationId, filter, after });
      const { page }: Row = data.organization ?? data;
      // The organization is gone, though the caller's session still names it.
      if (!page) return rows;
      for (const { node } of page.edges) rows.push(node);
      if (after === null && page.pageInfo.hasNextPage) await beforeOthers?.(graph, organizationId);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    return rows;
  };
}

interface MutationOptions {
  /** The name of the document; by default that of the mutation. */
  as?: string;
  /** Variables beside the input, as the document declares them: `$first: Int`. */
  variables?: string;
}

/** A mutation, as a function of its input. Of its result, which is of this type, it answers these paths. @throws HttpError */
export function mutation(
  name: string,
  type?: string,
  paths: readonly string[] = [],
  { as = name, variables = '' }: MutationOptions = {},
): (graph: Graph, input: Row, values?: Row) => Promise<Row> {
  const change = query(`mutation Rest${capitalized(as)}($input: ${capitalized(name)}Input!, ${variables}) {
    result: ${name}(input: $input) {
      ${type === undefined ? '' : `... on ${type} { ${selectionOf(paths)} }`}
      ${refusalSelection}
    }
  }`);
  return async (graph, input, values = {}) => {
    const { result } = await change(graph, { input, ...values });
    if ('code' in result) throw refusedBy(result);
    return result;
  };
}

const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** What a document selects for these paths: `user { id }` for `user.id`. */
export function selectionOf(paths: readonly string[]): string {
  const fields = new Map<string, string[]>();
  for (const path of paths) {
    const [field = '', ...below] = path.split('.');
    const known = fields.get(field) ?? [];
    fields.set(field, below.length > 0 ? [...known, below.join('.')] : known);
  }
  return [...fields]
    .map(([field, below]) => (below.length > 0 ? `${field} { ${selectionOf(below)} }` : field))
    .join(' ');
}

/** Paths below another. */
export function below(path: string, paths: readonly string[]): string[] {
  return paths.map((name) => `${path}.${name}`);
}
