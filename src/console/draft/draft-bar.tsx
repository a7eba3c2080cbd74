import { useSignal } from '@preact/signals';
import { discard, draft, isSaving, othersChanges, preview, problem, saveProblem, understood } from '../state/draft.ts';
import { words } from '../words.ts';
import { DraftDetails } from './draft-details.tsx';
import { summaryOf } from './impact-summary.ts';
import { SaveDialog } from './save-dialog.tsx';

/** The draft, wherever one is: what it would do, before it is saved. */
export function DraftBar() {
  return (
    <aside class="draft-bar" hidden={!draft.value} aria-label={words.draft.title}>
      {draft.value && <Draft />}
    </aside>
  );
}

/** What is open goes with the draft: the next one begins anew. */
function Draft() {
  const isOpen = useSignal(false);
  const asksReason = useSignal(false);
  const says = problem.value ?? (preview.value ? summaryOf(preview.value) : words.draft.trying);
  return (
    <>
      {othersChanges.value.length > 0 && <OthersChanges />}
      {isOpen.value && <DraftDetails />}
      <div class="bar">
        <p role="status" class={problem.value === undefined ? '' : 'problem'}>
          <strong>{words.draft.title}:</strong> {says}
        </p>
        <div class="actions">
          <button type="button" aria-expanded={isOpen.value} onClick={() => (isOpen.value = !isOpen.value)}>
            {isOpen.value ? words.draft.hide : words.draft.details}
          </button>
          <button type="button" onClick={discard}>
            {words.draft.discard}
          </button>
          <button
            type="button"
            class="primary"
            disabled={preview.value === undefined || isSaving.value}
            onClick={() => {
              saveProblem.value = undefined;
              asksReason.value = true;
            }}
          >
            {words.draft.save}
          </button>
        </div>
      </div>
      {asksReason.value && <SaveDialog onClose={() => (asksReason.value = false)} />}
    </>
  );
}

/** The draft was made anew on top of what others have saved: what that was. */
function OthersChanges() {
  return (
    <section class="others">
      <h2>{words.draft.others}</h2>
      <ul>
        {othersChanges.value.map((change) => (
          <li key={change.field}>{words.change(change)}</li>
        ))}
      </ul>
      <button type="button" onClick={understood}>
        {words.draft.seen}
      </button>
    </section>
  );
}
