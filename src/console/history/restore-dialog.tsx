import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ImpactDetails } from '../draft/impact-details.tsx';
import { summaryOf } from '../draft/impact-summary.ts';
import { RestorePolicy } from '../generated/operations.ts';
import type { RestorePolicyMutation } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ReasonField } from '../parts/reason-field.tsx';
import { membership } from '../state/caller.ts';
import { done } from '../state/notice.ts';
import { messageOf, refusalOf } from '../state/refusal.ts';
import { changed } from '../state/revision.ts';
import { words } from '../words.ts';

type Result = RestorePolicyMutation['restorePolicy'];

/** Makes the policy what it was at a revision: tried first, then made with a reason. */
export function RestoreDialog({ revision, onClose }: { revision: number; onClose: () => void }) {
  const tried = useSignal<Result | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const reason = useSignal('');
  const organizationId = membership.value?.organizationId ?? '';
  const restore = async (how: object) =>
    (await ask(RestorePolicy, { input: { organizationId, revision, ...how } })).restorePolicy;
  useEffect(() => {
    restore({ dryRun: true }).then(
      (result) => {
        tried.value = result;
        problem.value = refusalOf(result);
      },
      (error: unknown) => {
        problem.value = messageOf(error);
      },
    );
  }, []);
  const preview = tried.value?.__typename === 'PolicyPreview' ? tried.value : undefined;
  const submit = async () => {
    try {
      const result = await restore({ reason: reason.value.trim(), expectedRevision: preview?.revision ?? null });
      problem.value = refusalOf(result);
      if (result.__typename !== 'OrganizationModelSettings') return;
      done(words.history.restored(revision, result.revision));
      changed();
      onClose();
    } catch (error) {
      problem.value = messageOf(error);
    }
  };
  return (
    <Dialog
      title={words.history.restore(revision)}
      onClose={onClose}
      submit={{
        label: words.history.restoreIt,
        act: submit,
        isDisabled: preview === undefined || preview.changes.length === 0,
      }}
    >
      {preview ? (
        <>
          <p role="status">{summaryOf(preview)}</p>
          <ul>
            {preview.changes.map((change) => (
              <li key={change.field}>{words.change(change)}</li>
            ))}
          </ul>
          <ImpactDetails impact={preview.impact} />
        </>
      ) : (
        problem.value === undefined && <p role="status">{words.draft.trying}</p>
      )}
      <ReasonField value={reason} problem={problem.value} />
    </Dialog>
  );
}
