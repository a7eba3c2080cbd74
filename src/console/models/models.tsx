import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { count } from '../format.ts';
import { Empty, Loading } from '../parts/empty.tsx';
import { Filter } from '../parts/filter.tsx';
import { can } from '../state/caller.ts';
import { models, seenBy, totalCount } from '../state/models.ts';
import { words } from '../words.ts';
import { Bulk } from './bulk.tsx';
import { DefaultModel } from './default-model.tsx';
import { Provider } from './provider.tsx';
import { drawMore, drawn, isFiltered, only, search, searchFor } from './rows.ts';
import { SeenBy } from './seen-by.tsx';

/** What may be used here, provider by provider; for owners and admins with what changes it. */
export function Models() {
  const isLoading = useComputed(() => models.value !== undefined && models.value.length < totalCount.value);
  return (
    <>
      {seenBy.value !== undefined && <SeenBy id={seenBy.value} />}
      <DefaultModel />
      <Filter
        text={search.value}
        example={words.models.searchExample}
        onText={searchFor}
        kinds={{
          chosen: only.value,
          labels: words.models.only,
          onChoose: (chosen) => {
            only.value = chosen;
          },
        }}
      >
        <p role="status" class="hidden">
          {isFiltered.value && words.models.found(drawn.value.reduce((sum, { group }) => sum + group.models.length, 0))}
        </p>
      </Filter>
      {models.value === undefined ? (
        <Loading label={words.loading} />
      ) : (
        <>
          {isLoading.value && <p role="status">{words.loaded(count(models.value.length), count(totalCount.value))}</p>}
          {drawn.value.map(({ group, isOpen, rows }) => (
            <Provider key={group.slug} group={group} isOpen={isOpen} rows={rows} />
          ))}
          {drawn.value.length === 0 && <Empty>{words.models.none}</Empty>}
          <More />
        </>
      )}
      {can('UPDATE_MODEL_SETTINGS') && <Bulk />}
    </>
  );
}

/** Draws more rows when it comes into view, or is pressed. */
function More() {
  const button = useRef<HTMLButtonElement>(null);
  const hidden = drawn.value.reduce((sum, one) => sum + one.hidden, 0);
  useEffect(() => {
    if (!button.current) return;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) drawMore();
    });
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [hidden]);
  if (hidden === 0) return null;
  return (
    <button type="button" ref={button} onClick={drawMore}>
      {words.models.more(count(hidden))}
    </button>
  );
}
