import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ImpactDetails } from '../draft/impact-details.tsx';
import { Revision } from '../generated/operations.ts';
import type { RevisionQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { Empty, Loading } from '../parts/empty.tsx';
import { failed } from '../state/notice.ts';
import { hrefOf } from '../state/route.ts';
import { words } from '../words.ts';
import { Entry } from './entry.tsx';

/** One change, at an address of its own, with what it would mean if it were made now. */
export function Permalink({ id }: { id: string }) {
  const found = useSignal<RevisionQuery['node'] | undefined>(undefined);
  useEffect(() => {
    found.value = undefined;
    ask(Revision, { id }).then(({ node }) => {
      found.value = node;
    }, failed);
  }, [id]);
  return (
    <section aria-label={words.history.one} class="permalink">
      <a href={hrefOf('history')}>{words.history.all}</a>
      {found.value === undefined && <Loading label={words.loading} />}
      {found.value?.__typename === 'Revision' ? (
        <>
          <Entry entry={found.value} />
          {found.value.impact && (
            <div class="card">
              <h2>{words.history.impact}</h2>
              <ImpactDetails impact={found.value.impact} />
            </div>
          )}
        </>
      ) : (
        found.value !== undefined && <Empty>{words.history.noSuch}</Empty>
      )}
    </section>
  );
}
