import { useSignal } from '@preact/signals';
import { SetRole } from '../generated/operations.ts';
import type { ModelgateRole } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { act } from '../parts/act.ts';
import { Empty } from '../parts/empty.tsx';
import { ExceptionDialog } from '../parts/exception-dialog.tsx';
import { Exceptions } from '../parts/exceptions.tsx';
import { can, membership } from '../state/caller.ts';
import { base } from '../state/draft.ts';
import { granted } from '../state/exceptions.ts';
import { seenBy } from '../state/models.ts';
import { nameOf } from '../state/names.ts';
import { type Member, members } from '../state/people.ts';
import { hrefOf } from '../state/route.ts';
import { words } from '../words.ts';
import { Rules } from './rules.tsx';
import { TeamMembers } from './team-members.tsx';

/** A member, a team, a role or an API key: its rules, its exceptions, and what it may use. */
export function Person({ id }: { id: string }) {
  const grants = useSignal(false);
  const member = members.value?.find(({ userId }) => userId === id);
  const own = granted.value?.filter(({ subjectId }) => subjectId === id) ?? [];
  return (
    <>
      <p>
        <a href={hrefOf('people')}>{words.people.all}</a>
      </p>
      <div class="person-head">
        <h2>{nameOf(id)}</h2>
        {member?.user.email && <small>{member.user.email}</small>}
        {member && <Role member={member} />}
        {can('READ_SUBJECTS') && (
          <a
            class="button"
            href={hrefOf('models')}
            onClick={() => {
              seenBy.value = id;
            }}
          >
            {words.people.seeAs(nameOf(id))}
          </a>
        )}
      </div>
      <section class="group" aria-labelledby="exceptions">
        <h2 id="exceptions">{words.people.exceptions}</h2>
        {own.length > 0 ? <Exceptions list={own} /> : <Empty>{words.people.noException}</Empty>}
        {can('MANAGE_EXCEPTIONS') && (
          <button
            type="button"
            onClick={() => {
              grants.value = true;
            }}
          >
            {words.exceptions.grant}
          </button>
        )}
      </section>
      {can('READ_POLICY') && base.value && <Rules subjectId={id} />}
      {id.startsWith('team_') && <TeamMembers id={id} />}
      {grants.value && (
        <ExceptionDialog
          subjectId={id}
          onClose={() => {
            grants.value = false;
          }}
        />
      )}
    </>
  );
}

const roles: readonly ModelgateRole[] = ['OWNER', 'ADMIN', 'MEMBER'];

/** The role, which owners change at once: it is no part of the policy. */
function Role({ member: { userId, role } }: { member: Member }) {
  const problem = useSignal<string | undefined>(undefined);
  if (!can('MANAGE_MEMBERS')) return <span>{words.roles[role]}</span>;
  const change = async (select: HTMLSelectElement) => {
    const input = {
      organizationId: membership.value?.organizationId ?? '',
      userId,
      role: select.value as ModelgateRole,
    };
    problem.value = await act(async () => (await ask(SetRole, { input })).setMemberRole, words.people.roleChanged);
    // What was chosen was refused: the page shows what is.
    if (problem.value !== undefined) select.value = role;
  };
  return (
    <>
      <label>
        {words.people.role}{' '}
        <select value={role} onChange={({ currentTarget }) => void change(currentTarget)}>
          {roles.map((one) => (
            <option key={one} value={one}>
              {words.roles[one]}
            </option>
          ))}
        </select>
      </label>
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
    </>
  );
}
