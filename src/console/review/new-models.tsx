import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { date, perMillion } from '../format.ts';
import { PendingModels } from '../generated/operations.ts';
import type { PendingModelsQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { readPages } from '../graph/pages.ts';
import { Empty, Loading } from '../parts/empty.tsx';
import { can, membership } from '../state/caller.ts';
import { base, edit, edited } from '../state/draft.ts';
import { exactNameOf } from '../state/models.ts';
import { failed } from '../state/notice.ts';
import { disableModels, withAll } from '../state/policy-edits.ts';
import { changes } from '../state/revision.ts';
import { words } from '../words.ts';

type Pending = NonNullable<PendingModelsQuery['organization']>['pendingModels']['edges'][number]['node'];

/** The models that are new in the catalog and wait, and whether new ones do. */
export function NewModels() {
  const pending = useSignal<Pending[] | undefined>(undefined);
  const organizationId = membership.value?.organizationId ?? '';
  useEffect(() => {
    const read = async (after: string | null) =>
      (await ask(PendingModels, { organizationId, after })).organization?.pendingModels;
    readPages(read, (nodes) => {
      pending.value = nodes;
    }).catch(failed);
  }, [organizationId, changes.value]);
  const waits = edited.value?.newModels === 'REVIEW';
  const left = pending.value?.filter((model) => {
    const name = exactNameOf(model);
    return !edited.value?.approvedModels.includes(name) && !edited.value?.disabledModels.includes(name);
  });
  return (
    <section class="group" aria-labelledby="new-models">
      <h2 id="new-models">{words.review.newModels}</h2>
      {edited.value && can('UPDATE_MODEL_SETTINGS') && (
        <label class="choice">
          <input
            type="checkbox"
            checked={waits}
            onChange={({ currentTarget }) => edit((policy) => reviewing(policy, currentTarget.checked))}
          />
          {words.review.wait}
        </label>
      )}
      {left === undefined && <Loading label={words.loading} />}
      {left?.length === 0 && <Empty>{waits ? words.review.noneWaits : words.review.noneWaitsEver}</Empty>}
      {left?.map((model) => (
        <NewModel key={model.id} model={model} />
      ))}
    </section>
  );
}

/** Where new models wait, those wait that come from now on. */
function reviewing(policy: NonNullable<typeof edited.value>, waits: boolean): typeof policy {
  const former = base.value?.policy;
  if (!waits) return { ...policy, newModels: 'ALLOW', reviewedAt: null, approvedModels: [] };
  const isAsBefore = former?.newModels === 'REVIEW';
  return {
    ...policy,
    newModels: 'REVIEW',
    reviewedAt: isAsBefore ? former.reviewedAt : new Date().toISOString(),
    approvedModels: isAsBefore ? former.approvedModels : policy.approvedModels,
  };
}

function NewModel({ model }: { model: Pending }) {
  const {
    displayName,
    providerDisplayName,
    addedAt,
    inputCostPer1kTokens: input,
    outputCostPer1kTokens: output,
  } = model;
  const name = exactNameOf(model);
  return (
    <article class="card" aria-label={displayName}>
      <p>
        <strong>{displayName}</strong> <small>{providerDisplayName}</small>
      </p>
      <p>
        {words.review.added(date(addedAt))}
        {input && output && ` · ${words.models.price(perMillion(input), perMillion(output))}`}
      </p>
      {can('UPDATE_MODEL_SETTINGS') && (
        <div class="actions">
          <button
            type="button"
            class="primary"
            onClick={() => edit((policy) => ({ ...policy, approvedModels: withAll(policy.approvedModels, [name]) }))}
          >
            {words.models.allow}
          </button>
          <button type="button" onClick={() => edit((policy) => disableModels(policy, [name]))}>
            {words.models.disable}
          </button>
        </div>
      )}
    </article>
  );
}
