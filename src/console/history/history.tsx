import { useEffect } from 'preact/hooks';
import { count } from '../format.ts';
import { Empty, Loading } from '../parts/empty.tsx';
import { can } from '../state/caller.ts';
import { failed } from '../state/notice.ts';
import { detail } from '../state/route.ts';
import { words } from '../words.ts';
import { entries, type Kind, kind, readMore, search, shown, totalCount, watchHistory } from './entries.ts';
import { Entry } from './entry.tsx';
import { Permalink } from './permalink.tsx';

/** Who changed what, when and why. */
export function History() {
  useEffect(watchHistory, []);
  if (!can('READ_REVISIONS')) return <Empty>{words.history.forAdmins}</Empty>;
  return (
    <>
      {detail.value !== undefined && <Permalink id={detail.value} />}
      <Filter />
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

const kinds: readonly Kind[] = ['all', 'policy', 'exceptions', 'people', 'keys'];

function Filter() {
  return (
    <search class="filter">
      <label>
        {words.models.search}
        <input
          type="search"
          value={search.value}
          placeholder={words.history.searchExample}
          onInput={({ currentTarget }) => {
            search.value = currentTarget.value;
          }}
        />
      </label>
      <label>
        {words.models.show}
        <select
          value={kind.value}
          onChange={({ currentTarget }) => {
            kind.value = currentTarget.value as Kind;
          }}
        >
          {kinds.map((one) => (
            <option key={one} value={one}>
              {words.history.kinds[one]}
            </option>
          ))}
        </select>
      </label>
    </search>
  );
}
