import { useEffect } from 'preact/hooks';
import { count } from '../format.ts';
import { Empty, Loading } from '../parts/empty.tsx';
import { Filter } from '../parts/filter.tsx';
import { can } from '../state/caller.ts';
import { failed } from '../state/notice.ts';
import { detail } from '../state/route.ts';
import { words } from '../words.ts';
import { entries, kind, readMore, search, shown, totalCount, watchHistory } from './entries.ts';
import { Entry } from './entry.tsx';
import { Permalink } from './permalink.tsx';

/** Who changed what, when and why. */
export function History() {
  useEffect(watchHistory, []);
  if (!can('READ_REVISIONS')) return <Empty>{words.history.forAdmins}</Empty>;
  return (
    <>
      {detail.value !== undefined && <Permalink id={detail.value} />}
      <Filter
        text={search.value}
        example={words.history.searchExample}
        onText={(text) => {
          search.value = text;
        }}
        kinds={{
          chosen: kind.value,
          labels: words.history.kinds,
          onChoose: (chosen) => {
            kind.value = chosen;
          },
        }}
      />
      {shown.value === undefined ? (
        <Loading label={words.loading} />
      ) : (
        <ol class="entries" aria-label={words.tabs.history}>
          {shown.value.map((entry) => (
            <li key={entry.id}>
              <Entry entry={entry} />
            </li>
          ))}
        </ol>
      )}
      {shown.value?.length === 0 && <Empty>{words.history.none}</Empty>}
      {entries.value && entries.value.length < totalCount.value && (
        <button type="button" onClick={() => void readMore().catch(failed)}>
          {words.history.more(count(totalCount.value - entries.value.length))}
        </button>
      )}
    </>
  );
}
