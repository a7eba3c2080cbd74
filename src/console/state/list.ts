import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { type Page, readPages } from '../graph/pages.ts';
import { caller, membership } from './caller.ts';
import { failed } from './notice.ts';
import { changes } from './revision.ts';

interface List<Node> {
  /** Undefined until the first page is there, and for those who may not read it. */
  nodes: ReadonlySignal<Node[] | undefined>;
  /** How many there will be, where some are still being read. */
  totalCount: ReadonlySignal<number>;
  watch: () => void;
}

type Read<Node> = (
  page: { organizationId: string; after: string | null },
  stop: AbortSignal,
) => Promise<Page<Node> | null | undefined>;

/**
 * A list of the organization that is shown, which is read whenever anything of that changes. What is shown stays until as much is there;
 * what another organization, or another user, was told is gone at once.
 */
export function createList<Node>(read: Read<Node>, isAllowed = () => true): List<Node> {
  const shown = signal<Node[] | undefined>();
  const totalCount = signal(0);
  let shownFor = '';
  const watch = () =>
    effect(() => {
      const organizationId = membership.value?.organizationId;
      const isRead = isAllowed();
      void changes.value;
      const reader = `${organizationId} ${caller.value?.user?.id} ${isRead}`;
      if (reader !== shownFor) shown.value = undefined;
      shownFor = reader;
      if (organizationId === undefined || !isRead) return;
      const stop = new AbortController();
      const readPage = (after: string | null) => read({ organizationId, after }, stop.signal);
      void readPages(readPage, (nodes, total) => {
        if (stop.signal.aborted) return;
        totalCount.value = total;
        const former = shown.peek() ?? [];
        if (nodes.length >= Math.min(former.length, total)) shown.value = nodes;
      }).catch(failed);
      return () => stop.abort();
    });
  return { nodes: shown, totalCount, watch };
}
