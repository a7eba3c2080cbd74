import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { count } from '../format.ts';
import { TeamMembers as ReadMembers } from '../generated/operations.ts';
import type { TeamMembersQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { failed } from '../state/notice.ts';
import { changes } from '../state/revision.ts';
import { hrefOf } from '../state/route.ts';
import { words } from '../words.ts';

/** Who is in a team: the first of them. */
export function TeamMembers({ id }: { id: string }) {
  const team = useSignal<TeamMembersQuery['node']>(null);
  useEffect(() => {
    ask(ReadMembers, { id }).then(({ node }) => {
      team.value = node;
    }, failed);
  }, [id, changes.value]);
  if (team.value?.__typename !== 'Team') return null;
  const { totalCount, edges } = team.value.members;
  return (
    <section class="group" aria-labelledby="in-team">
      <h2 id="in-team">
        {words.people.inTeam} <small>{count(totalCount)}</small>
      </h2>
      <ul class="plain rows">
        {edges.map(({ node: { id: userId, name, email } }) => (
          <li key={userId}>
            <a href={hrefOf('people', userId)}>{name ?? userId}</a> <small>{email}</small>
          </li>
        ))}
      </ul>
      {edges.length < totalCount && <p>{words.people.more(totalCount - edges.length)}</p>}
    </section>
  );
}
