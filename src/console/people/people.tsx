import { useComputed, useSignal } from '@preact/signals';
import { count } from '../format.ts';
import { Empty, Loading } from '../parts/empty.tsx';
import { Filter } from '../parts/filter.tsx';
import { can } from '../state/caller.ts';
import { edited } from '../state/draft.ts';
import { granted } from '../state/exceptions.ts';
import { nameOf } from '../state/names.ts';
import { apiKeys, memberCount, members, teams } from '../state/people.ts';
import { detail, hrefOf } from '../state/route.ts';
import { words } from '../words.ts';
import { Person } from './person.tsx';

const roles = ['role_owner', 'role_admin', 'role_member'];

/** How many entries of a list are drawn at first, and more by each press of its button. */
const step = 100;

/** Members, teams, roles and API keys; each leads to its rules and exceptions. */
export function People() {
  const search = useSignal('');
  if (detail.value !== undefined) return <Person key={detail.value} id={detail.value} />;
  const text = search.value.trim().toLowerCase();
  const matches = (name: string) => name.toLowerCase().includes(text);
  const shownMembers = members.value?.filter(({ user: { name, email } }) => matches(`${name ?? ''} ${email ?? ''}`));
  const others = [
    { title: words.people.teams, list: teams.value?.map(({ id }) => id) },
    { title: words.people.roles, list: can('READ_POLICY') ? roles : undefined },
    { title: words.people.apiKeys, list: apiKeys.value?.map(({ id }) => id) },
  ];
  return (
    <>
      <Filter
        text={search.value}
        example={words.people.searchExample}
        onText={(typed) => {
          search.value = typed;
        }}
      />
      <section class="group" aria-labelledby="members">
        <h2 id="members">
          {words.people.members} <small>{count(memberCount.value)}</small>
        </h2>
        {shownMembers === undefined && <Loading label={words.loading} />}
        {members.value && members.value.length < memberCount.value && (
          <p role="status">{words.loaded(count(members.value.length), count(memberCount.value))}</p>
        )}
        {shownMembers && (
          <Subjects
            list={shownMembers.map(({ userId, role, user: { email } }) => ({
              id: userId,
              hint: [words.roles[role], email].filter(Boolean).join(' · '),
            }))}
          />
        )}
      </section>
      {others.map(({ title, list }) => {
        const left = list?.filter((id) => matches(nameOf(id)));
        return left && left.length > 0 ? (
          <section key={title} class="group" aria-label={title}>
            <h2>{title}</h2>
            <Subjects list={left.map((id) => ({ id, hint: '' }))} />
          </section>
        ) : null;
      })}
    </>
  );
}

/** A list of those who can have rules, with what is said of them. */
function Subjects({ list }: { list: readonly { id: string; hint: string }[] }) {
  const budget = useSignal(step);
  const marks = useComputed(() => {
    const scopes = edited.value?.scopes ?? {};
    const excepted = new Set(granted.value?.map(({ subjectId }) => subjectId));
    return (id: string) => [
      ...(Object.hasOwn(scopes, id) ? [words.people.hasRules] : []),
      ...(excepted.has(id) ? [words.people.hasException] : []),
    ];
  });
  if (list.length === 0) return <Empty>{words.people.none}</Empty>;
  return (
    <>
      <ul class="plain rows">
        {list.slice(0, budget.value).map(({ id, hint }) => (
          <li key={id}>
            <a href={hrefOf('people', id)}>{nameOf(id)}</a> <small>{hint}</small>
            {marks.value(id).map((mark) => (
              <small key={mark} class="mark">
                {mark}
              </small>
            ))}
          </li>
        ))}
      </ul>
      {list.length > budget.value && (
        <button
          type="button"
          onClick={() => {
            budget.value += step;
          }}
        >
          {words.models.more(count(list.length - budget.value))}
        </button>
      )}
    </>
  );
}
