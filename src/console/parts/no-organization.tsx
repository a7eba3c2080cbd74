import { useSignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { date } from '../format.ts';
import { AcceptInvitation, CreateOrganization, DeclineInvitation } from '../generated/operations.ts';
import { ask } from '../graph/ask.ts';
import { caller, loadCaller, memberships } from '../state/caller.ts';
import { done, failed } from '../state/notice.ts';
import { organizationId, showOrganization } from '../state/route.ts';
import { words } from '../words.ts';
import { TextField } from './text-field.tsx';

/** For whoever belongs to no organization, or not to the one whose address was opened: what to do. */
export function NoOrganization() {
  const { invitations = [], user } = caller.value ?? {};
  const isRefused = memberships.value.length > 0 || organizationId.value !== undefined;
  if (!user) {
    return (
      <>
        <h1>{words.service.title}</h1>
        <p>{words.service.text}</p>
      </>
    );
  }
  return (
    <>
      <h1>{isRefused ? words.stranger.title : words.noOrganization.title}</h1>
      <p>{isRefused ? words.stranger.text(organizationId.value ?? '') : words.noOrganization.text}</p>
      {memberships.value.length > 0 && (
        <ul>
          {memberships.value.map(({ organizationId: id, organization: { name } }) => (
            <li key={id}>
              <button type="button" onClick={() => showOrganization(id)}>
                {words.stranger.open(name ?? id)}
              </button>
            </li>
          ))}
        </ul>
      )}
      {invitations.map((invitation) => (
        <Invitation key={invitation.id} {...invitation} />
      ))}
      {memberships.value.length === 0 && <NewOrganization />}
    </>
  );
}

type InvitationProps = NonNullable<typeof caller.value>['invitations'][number];

function Invitation({ id, organizationId: organization, organizationName, role, expiresAt }: InvitationProps) {
  const answer = async (isAccepted: boolean) => {
    const input = { organizationId: organization, invitationId: id };
    try {
      const result = isAccepted
        ? (await ask(AcceptInvitation, { input })).acceptInvitation
        : (await ask(DeclineInvitation, { input })).declineInvitation;
      if ('message' in result) return failed(new Error(result.message));
      await loadCaller();
      if (isAccepted) showOrganization(organization);
      done(isAccepted ? words.invitation.accepted : words.invitation.declined);
    } catch (error) {
      failed(error);
    }
  };
  return (
    <section class="card">
      <h2>{words.invitation.title(organizationName ?? organization, words.roles[role])}</h2>
      <p>{words.invitation.until(date(expiresAt))}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={() => answer(true)}>
          {words.invitation.accept}
        </button>
        <button type="button" onClick={() => answer(false)}>
          {words.invitation.decline}
        </button>
      </div>
    </section>
  );
}

function NewOrganization() {
  const name = useSignal('');
  const [problem, setProblem] = useState<string>();
  const create = async (event: Event) => {
    event.preventDefault();
    try {
      const { createOrganization: result } = await ask(CreateOrganization, { input: { name: name.value } });
      if (result.__typename !== 'Organization') return setProblem(result.message);
      await loadCaller();
      showOrganization(result.id);
    } catch (error) {
      failed(error);
    }
  };
  return (
    <form class="card" onSubmit={create}>
      <TextField label={words.noOrganization.name} problem={problem} value={name} />
      <button type="submit" class="primary">
        {words.noOrganization.create}
      </button>
    </form>
  );
}
