/** One page of a connection. */
interface Connection<Node> {
  edges: readonly { node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

/** All nodes of a connection, read page by page as they are consumed: the two systems know no cursors. */
export async function* allNodes<Node>(
  readPage: (after: string | null) => Promise<Connection<Node>>,
): AsyncGenerator<Node> {
  let after: string | null = null;
  do {
    const { edges, pageInfo }: Connection<Node> = await readPage(after);
    for (const { node } of edges) yield node;
    after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
  } while (after !== null);
}

/** As a list. */
export async function collect<Node>(nodes: AsyncIterable<Node>): Promise<Node[]> {
  const list: Node[] = [];
  for await (const node of nodes) list.push(node);
  return list;
}
