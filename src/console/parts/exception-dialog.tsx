import { useSignal } from '@preact/signals';
import { GrantException, RequestException } from '../generated/operations.ts';
import { ask } from '../graph/ask.ts';
import { can, membership } from '../state/caller.ts';
import { isRetired } from '../state/models.ts';
import { done, warn } from '../state/notice.ts';
import { members } from '../state/people.ts';
import { issuesOf, messageOf, refusalOf } from '../state/refusal.ts';
import { changed } from '../state/revision.ts';
import { words } from '../words.ts';
import { Dialog } from './dialog.tsx';
import { ReasonField } from './reason-field.tsx';
import { SubjectField } from './subject-field.tsx';
import { TextField } from './text-field.tsx';
import { endOfDay, inDays, nextFriday } from './until.ts';

interface ExceptionDialogProps {
  /** Names of models, separated by commas. */
  model?: string | undefined;
  /** For whom; undefined: that is asked. */
  subjectId?: string | undefined;
  onClose: () => void;
}

/** Lets somebody use models until a day: granted by owners and admins, requested by others for themselves. */
export function ExceptionDialog({ model = '', subjectId = '', onClose }: ExceptionDialogProps) {
  const grants = can('MANAGE_EXCEPTIONS');
  const names = useSignal(model);
  const subject = useSignal(subjectId);
  const until = useSignal(nextFriday());
  const reason = useSignal('');
  const problem = useSignal<string | undefined>(undefined);
  const issues = useSignal<ReturnType<typeof issuesOf>>({});
  const submit = async () => {
    const input = {
      organizationId: membership.value?.organizationId ?? '',
      models: names.value
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
      subjectId: subject.value,
      until: endOfDay(until.value),
      reason: reason.value.trim(),
    };
    const retired = input.models.find(isRetired);
    if (retired !== undefined) {
      issues.value = { models: words.exceptions.retired(retired) };
      return;
    }
    try {
      const result = grants
        ? (await ask(GrantException, { input })).grantModelException
        : (await ask(RequestException, { input })).requestModelException;
      issues.value = issuesOf(result);
      problem.value = refusalOf(result);
      if (problem.value !== undefined) return;
      const dead = 'deadSelectors' in result ? result.deadSelectors : [];
      if (dead.length > 0) warn(words.exceptions.noSuch(dead));
      else done(grants ? words.exceptions.granted : words.exceptions.requested);
      changed();
      onClose();
    } catch (error) {
      issues.value = {};
      problem.value = messageOf(error);
    }
  };
  return (
    <Dialog
      title={grants ? words.exceptions.grant : words.exceptions.request}
      onClose={onClose}
      submit={{ label: grants ? words.exceptions.grantIt : words.exceptions.send, act: submit }}
    >
      {grants && members.value && <SubjectField value={subject} />}
      <TextField
        label={words.exceptions.models}
        hint={words.exceptions.modelsHint}
        problem={issues.value.models}
        value={names}
      />
      <TextField
        label={words.exceptions.until}
        hint={words.exceptions.untilHint}
        problem={issues.value.until}
        value={until}
        from={inDays(0)}
      />
      <div class="actions">
        <button type="button" onClick={() => (until.value = inDays(1))}>
          {words.exceptions.tomorrow}
        </button>
        <button type="button" onClick={() => (until.value = nextFriday())}>
          {words.exceptions.friday}
        </button>
        <button type="button" onClick={() => (until.value = inDays(30))}>
          {words.exceptions.month}
        </button>
      </div>
      <ReasonField value={reason} problem={issues.value.models || issues.value.until ? undefined : problem.value} />
    </Dialog>
  );
}
