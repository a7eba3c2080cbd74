import { useSignal } from '@preact/signals';
import { discard, draft, isSaving, othersChanges, preview, problem } from '../state/draft.ts';
import { words } from '../words.ts';
import { DraftDetails } from './draft-details.tsx';
import { summaryOf } from './impact-summary.ts';
import { SaveDialog } from './save-dialog.tsx';

/** The draft, wherever one is: what it would do, before it is saved. */
export function DraftBar() {
  const isOpen = useSignal(false);
  const asksReason = useSignal(false);
  if (!draft.value) return <aside class="draft-bar" hidden aria-label={words.draft.title} />;
  const says = problem.value ?? (preview.value ? summaryOf(preview.value) : words.draft.trying);
  return (
    <aside class="draft-bar" aria-label={words.draft.title}>
      {othersChanges.value.length > 0 && <OthersChanges />}
      {isOpen.value && <DraftDetails />}
      <div class="bar">
        <p role="status" class={problem.value === undefined ? '' : 'problem'}>
          <strong>{words.draft.title}:</strong> {says}
        </p>
        <div class="actions">
          <button type="button" aria-expanded={isOpen.value} onClick={() => (isOpen.value = !isOpen.value)}>
            {words.draft.details}
          </button>
          <button type="button" onClick={discard}>
            {words.draft.discard}
          </button>
          <button
            type="button"
            class="primary"
            disabled={preview.value === undefined || isSaving.value}
            onClick={() => (asksReason.value = true)}
          >
            {words.draft.save}
          </button>
        </div>
      </div>
      {asksReason.value && <SaveDialog onClose={() => (asksReason.value = false)} />}
    </aside>
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
      <button type="button" onClick={() => (othersChanges.value = [])}>
        {words.draft.seen}
      </button>
    </section>
  );
}
