import { computed } from '@preact/signals';
import { words } from '../words.ts';
import { apiKeys, members, teams } from './people.ts';

const names = computed(
  () =>
    new Map([
      ...(members.value ?? []).map(({ userId, user: { name, email } }) => [userId, name ?? email ?? userId] as const),
      ...(teams.value ?? []).map(({ id, name }) => [id, words.teamNamed(name)] as const),
      ...(apiKeys.value ?? []).map(({ id, name }) => [id, words.apiKeyNamed(name)] as const),
    ]),
);

/** The name of a user, a team or a role, by its id; the id where it has none here. */
export function nameOf(id: string): string {
  return names.value.get(id) ?? words.roleSubjects[id] ?? id;
}
