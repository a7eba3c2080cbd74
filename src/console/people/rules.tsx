import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Lists } from '../../policy/policy-value.ts';
import { can } from '../state/caller.ts';
import { edit, edited } from '../state/draft.ts';
import { listsOf, setLists, withAll, without } from '../state/policy-edits.ts';
import { words } from '../words.ts';

type ListName = keyof Lists;

const names: readonly ListName[] = ['disabledProviders', 'disabledModels', 'allowedModels'];

/** The further lists of one subject. Edits are part of the draft. */
export function Rules({ subjectId }: { subjectId: string }) {
  if (!edited.value) return null;
  const lists = listsOf(edited.value, subjectId);
  const set = (name: ListName, entries: readonly string[] | null) =>
    edit((policy) => setLists(policy, subjectId, { ...listsOf(policy, subjectId), [name]: entries }));
  return (
    <section class="group" aria-labelledby="rules">
      <h2 id="rules">{words.people.rules}</h2>
      <p>{words.people.rulesHint}</p>
      {names.map((name) => (
        <Entries
          key={name}
          title={words.people.lists[name]}
          hint={words.people.listHints[name]}
          entries={lists[name]}
          canBeUnused={name === 'allowedModels'}
          onChange={(entries) => set(name, entries)}
        />
      ))}
    </section>
  );
}

interface EntriesProps {
  title: string;
  hint: string;
  /** Null: the list is not in use. */
  entries: readonly string[] | null;
  canBeUnused: boolean;
  onChange: (entries: readonly string[] | null) => void;
}

function Entries({ title, hint, entries, canBeUnused, onChange }: EntriesProps) {
  const typed = useSignal('');
  const id = useId();
  const canEdit = can('UPDATE_MODEL_SETTINGS');
  const add = (event: Event) => {
    event.preventDefault();
    const added = typed.value
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean);
    if (added.length > 0) onChange(withAll(entries ?? [], added));
    typed.value = '';
  };
  return (
    <div class="card entries-of">
      <h3>{title}</h3>
      {entries === null || (entries.length === 0 && !canBeUnused) ? (
        <small>{words.people.unused}</small>
      ) : (
        <ul class="plain chips">
          {entries.map((entry) => (
            <li key={entry}>
              <code>{entry}</code>
              {canEdit && (
                <button
                  type="button"
                  aria-label={words.people.remove(entry)}
                  onClick={() => onChange(without(entries, [entry]))}
                >
                  ×
                </button>
              )}
            </li>
          ))}
          {entries.length === 0 && <li>{words.people.allowsNothing}</li>}
        </ul>
      )}
      {canEdit && (
        <form onSubmit={add}>
          <div class="field">
            <label for={id}>{words.people.add}</label>
            <div class="actions">
              <input
                id={id}
                aria-describedby={`${id}-hint`}
                value={typed.value}
                onInput={({ currentTarget }) => {
                  typed.value = currentTarget.value;
                }}
              />
              <button type="submit">
                {words.people.addIt}
                <span class="hidden"> {words.people.to(title)}</span>
              </button>
              {canBeUnused && entries !== null && (
                <button type="button" onClick={() => onChange(null)}>
                  {words.people.stopUsing}
                </button>
              )}
            </div>
            <small id={`${id}-hint`}>{hint}</small>
          </div>
        </form>
      )}
    </div>
  );
}
