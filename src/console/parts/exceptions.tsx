import { useSignal } from '@preact/signals';
import { fromNow, time } from '../format.ts';
import { RevokeException } from '../generated/operations.ts';
import { ask } from '../graph/ask.ts';
import { caller, can, membership } from '../state/caller.ts';
import type { Exception } from '../state/exceptions.ts';
import { nameOf } from '../state/names.ts';
import { words } from '../words.ts';
import { act } from './act.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

/** Exceptions with the time that is left, and what ends them. */
export function Exceptions({ list }: { list: readonly Exception[] }) {
  return (
    <ul class="entries">
      {list.map((exception) => (
        <li key={exception.id} class="card">
          <Entry exception={exception} />
        </li>
      ))}
    </ul>
  );
}

function Entry({
  exception: { id, subjectId, models, until, reason, state, requestedBy, decidedBy },
}: {
  exception: Exception;
}) {
  const revokes = useSignal(false);
  const isOwn = requestedBy?.id === caller.value?.user?.id && state === 'REQUESTED';
  const by = decidedBy ?? requestedBy;
  return (
    <>
      <p>
        <strong>{nameOf(subjectId)}</strong>: {models.join(', ')}
      </p>
      <p>
        {words.exceptions.ends} <time dateTime={until}>{time(until)}</time> ({fromNow(until)})
        {by && <small> · {words.exceptions.by[state](by.name ?? by.id)}</small>}
      </p>
      <blockquote>{reason}</blockquote>
      {(can('MANAGE_EXCEPTIONS') || isOwn) && (
        <button
          type="button"
          onClick={() => {
            revokes.value = true;
          }}
        >
          {state === 'REQUESTED' ? words.exceptions.takeBack : words.exceptions.revoke}
        </button>
      )}
      {revokes.value && (
        <ConfirmDialog
          title={words.exceptions.revokeTitle(nameOf(subjectId), models.join(', '))}
          label={words.exceptions.revoke}
          isDangerous
          hasReason
          act={(why) => {
            const input = { organizationId: membership.value?.organizationId ?? '', exceptionId: id, reason: why };
            return act(
              async () => (await ask(RevokeException, { input })).revokeModelException,
              words.exceptions.revoked,
            );
          }}
          onClose={() => {
            revokes.value = false;
          }}
        />
      )}
    </>
  );
}
