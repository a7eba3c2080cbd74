import { useSignal } from '@preact/signals';
import { fromNow, time } from '../format.ts';
import { can } from '../state/caller.ts';
import { nameOf } from '../state/names.ts';
import { hrefOf } from '../state/route.ts';
import { words } from '../words.ts';
import { isPolicyChange, type Entry as RevisionEntry } from './entries.ts';
import { RestoreDialog } from './restore-dialog.tsx';

/** A change: who made it, when and why, and what was before. */
export function Entry({ entry }: { entry: RevisionEntry }) {
  /** The revision whose policy shall be restored. */
  const restored = useSignal<number | undefined>(undefined);
  const { id, number, at, action, subjectId, reason, restoredFrom } = entry;
  return (
    <article class="card entry" aria-labelledby={id}>
      <h2 id={id}>
        <a href={hrefOf('history', id)}>#{number}</a> {words.actions[action]}
        {/^(usr|team|role)_/.test(subjectId) && ` · ${nameOf(subjectId)}`}
        {restoredFrom !== null && ` · ${words.history.restoredFrom(restoredFrom)}`}
      </h2>
      <p>
        <strong>{actorOf(entry)}</strong> · <time dateTime={at}>{time(at)}</time> <small>({fromNow(at)})</small>
      </p>
      {reason && <blockquote>{reason}</blockquote>}
      <ul>
        {entry.changes.map((change) => (
          <li key={change.field}>{words.change(readable(change))}</li>
        ))}
      </ul>
      {isPolicyChange(entry) && can('UPDATE_MODEL_SETTINGS') && (
        <div class="actions">
          <button
            type="button"
            onClick={() => {
              restored.value = number - 1;
            }}
          >
            {words.history.restoreBefore}
            <span class="hidden"> {words.history.before(number)}</span>
          </button>
          <button
            type="button"
            onClick={() => {
              restored.value = number;
            }}
          >
            {words.history.restore(number)}
          </button>
        </div>
      )}
      {restored.value !== undefined && (
        <RestoreDialog
          revision={restored.value}
          onClose={() => {
            restored.value = undefined;
          }}
        />
      )}
    </article>
  );
}

/** With names in the place of ids, and times as the browser writes them. */
function readable({ field, added, removed }: RevisionEntry['changes'][number]) {
  const textOf = (value: string) => (/^\d{4}-\d\d-\d\dT/.test(value) ? time(value) : nameOf(value));
  return { field, added: added.map(textOf), removed: removed.map(textOf) };
}

function actorOf({
  actor,
  actorApiKeyId,
  actorScimTokenId,
  actorPlatformKeyId,
  impersonatedBy,
}: RevisionEntry): string {
  const by =
    actor?.name ?? actor?.id ?? actorApiKeyId ?? actorScimTokenId ?? actorPlatformKeyId ?? words.history.nobody;
  return impersonatedBy === null ? by : words.history.impersonated(by, impersonatedBy);
}
