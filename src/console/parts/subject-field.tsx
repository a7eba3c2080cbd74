import type { Signal } from '@preact/signals';
import { useComputed, useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { nameOf } from '../state/names.ts';
import { members, teams } from '../state/people.ts';
import { words } from '../words.ts';

const maxOffered = 20;
const roles = ['role_member', 'role_admin', 'role_owner'];

/** Asks for a member, a team or a role, by what is typed of its name. */
export function SubjectField({ value }: { value: Signal<string> }) {
  const search = useSignal('');
  const id = useId();
  const offered = useComputed(() => {
    const text = search.value.trim().toLowerCase();
    const people = (members.value ?? [])
      .filter(({ user: { name, email } }) => `${name ?? ''} ${email ?? ''}`.toLowerCase().includes(text))
      .slice(0, maxOffered)
      .map(({ userId }) => userId);
    const others = [...(teams.value ?? []).map((team) => team.id), ...roles].filter((one) =>
      nameOf(one).toLowerCase().includes(text),
    );
    return [...people, ...others].slice(0, maxOffered);
  });
  return (
    <div class="field">
      <label for={id}>{words.exceptions.subject}</label>
      <input
        id={id}
        type="search"
        placeholder={words.people.searchExample}
        value={search.value}
        onInput={({ currentTarget }) => (search.value = currentTarget.value)}
      />
      <select
        required
        aria-label={words.exceptions.subject}
        size={Math.min(6, Math.max(2, offered.value.length))}
        value={value.value}
        onChange={({ currentTarget }) => (value.value = currentTarget.value)}
      >
        {value.value !== '' && !offered.value.includes(value.value) && (
          <option value={value.value}>{nameOf(value.value)}</option>
        )}
        {offered.value.map((one) => (
          <option key={one} value={one}>
            {nameOf(one)}
          </option>
        ))}
      </select>
    </div>
  );
}
