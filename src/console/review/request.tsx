import { useSignal } from '@preact/signals';
import { fromNow, time } from '../format.ts';
import { DecideException } from '../generated/operations.ts';
import { ask } from '../graph/ask.ts';
import { act } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { can, membership } from '../state/caller.ts';
import type { Exception } from '../state/exceptions.ts';
import { nameOf } from '../state/names.ts';
import { words } from '../words.ts';

/** A request for an exception, with the decision on it. */
export function Request({ exception: { id, subjectId, models, until, reason, createdAt } }: { exception: Exception }) {
  const decides = useSignal<boolean | undefined>(undefined);
  const grant = decides.value ?? false;
  return (
    <article class="card" aria-label={words.review.requestOf(nameOf(subjectId))}>
      <p>
        <strong>{nameOf(subjectId)}</strong> {words.review.wants} <strong>{models.join(', ')}</strong>{' '}
        {words.review.until} <time dateTime={until}>{time(until)}</time>
      </p>
      <blockquote>{reason}</blockquote>
      <small>{words.review.asked(fromNow(createdAt))}</small>
      {can('MANAGE_EXCEPTIONS') && (
        <div class="actions">
          <button
            type="button"
            class="primary"
            onClick={() => {
              decides.value = true;
            }}
          >
            {words.review.grant}
          </button>
          <button
            type="button"
            onClick={() => {
              decides.value = false;
            }}
          >
            {words.review.deny}
          </button>
        </div>
      )}
      {decides.value !== undefined && (
        <ConfirmDialog
          title={grant ? words.review.grantTitle(nameOf(subjectId)) : words.review.denyTitle(nameOf(subjectId))}
          label={grant ? words.review.grant : words.review.deny}
          isDangerous={!grant}
          hasReason
          act={(why) => {
            const input = {
              organizationId: membership.value?.organizationId ?? '',
              exceptionId: id,
              grant,
              reason: why,
            };
            const says = grant ? words.exceptions.granted : words.review.denied;
            return act(async () => (await ask(DecideException, { input })).decideModelException, says);
          }}
          onClose={() => {
            decides.value = undefined;
          }}
        >
          <p>
            <strong>{models.join(', ')}</strong> {words.review.until} <time dateTime={until}>{time(until)}</time>
          </p>
        </ConfirmDialog>
      )}
    </article>
  );
}
