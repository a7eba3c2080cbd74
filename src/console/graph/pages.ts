export interface Page<Node> {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  edges: { node: Node }[];
}

/** Reads a list page by page, and tells of each: the first is shown before the last is there. */
export async function readPages<Node>(
  read: (after: string | null) => Promise<Page<Node> | null | undefined>,
  onPage: (nodes: Node[], totalCount: number) => void,
): Promise<void> {
  const nodes: Node[] = [];
  let after: string | null = null;
  while (true) {
    const page: Page<Node> | null | undefined = await read(after);
    if (!page) return onPage([], 0);
    for (const { node } of page.edges) nodes.push(node);
    onPage([...nodes], page.totalCount);
    if (!page.pageInfo.hasNextPage) return;
    after = page.pageInfo.endCursor;
  }
}
