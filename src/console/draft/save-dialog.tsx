import { useSignal } from '@preact/signals';
import { Dialog } from '../parts/dialog.tsx';
import { ReasonField } from '../parts/reason-field.tsx';
import { isSaving, preview, problem, save, saveProblem } from '../state/draft.ts';
import { words } from '../words.ts';
import { summaryOf } from './impact-summary.ts';

/** Asks why, since the history keeps it, and saves. What was typed stays where that fails. */
export function SaveDialog({ onClose }: { onClose: () => void }) {
  const reason = useSignal('');
  const submit = async () => {
    if (await save(reason.value.trim())) onClose();
  };
  return (
    <Dialog
      title={words.draft.saveTitle}
      onClose={onClose}
      submit={{ label: words.draft.save, act: submit, isDisabled: isSaving.value || !preview.value }}
    >
      {preview.value && <p>{summaryOf(preview.value)}</p>}
      <ReasonField value={reason} problem={saveProblem.value ?? problem.value} />
    </Dialog>
  );
}
