import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fromNow } from '../format.ts';
import { ModelAccess } from '../generated/operations.ts';
import type { ModelAccessQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { Loading } from '../parts/empty.tsx';
import { ExceptionDialog } from '../parts/exception-dialog.tsx';
import { caller, can, membership } from '../state/caller.ts';
import { edit } from '../state/draft.ts';
import { exactNameOf, type Model, seenBy } from '../state/models.ts';
import { failed } from '../state/notice.ts';
import { allowModel, disableModels } from '../state/policy-edits.ts';
import { changes } from '../state/revision.ts';
import { words } from '../words.ts';

type Access = ModelAccessQuery['modelAccess'];

/** Who decided it, when and why, and what can be done about it. */
export function ModelDetails({ model }: { model: Model }) {
  const access = useSignal<Access | undefined>(undefined);
  const grants = useSignal(false);
  const organizationId = membership.value?.organizationId ?? '';
  const subjectId = seenBy.value ?? null;
  useEffect(() => {
    const variables = { organizationId, modelKey: exactNameOf(model), subjectId };
    ask(ModelAccess, variables).then(({ modelAccess }) => (access.value = modelAccess), failed);
  }, [changes.value, organizationId, subjectId, model.id]);
  if (!access.value) return <Loading label={words.loading} />;
  const { allowed, reasons, decidedBy, exception, supportContact } = access.value;
  // Nothing brings back what a provider has retired.
  const isHelped = !reasons.includes('RETIRED');
  return (
    <>
      {decidedBy?.map(({ message }) => (
        <p key={message}>{message}</p>
      ))}
      {!decidedBy && !allowed && reasons.map((reason) => <p key={reason}>{words.reasons[reason]}</p>)}
      {exception && <p>{words.exception(fromNow(exception.until), exception.reason)}</p>}
      {!allowed && supportContact && <p>{words.models.contact(supportContact)}</p>}
      {allowed && !decidedBy?.length && !exception && <p>{words.models.nothingAgainst}</p>}
      <div class="actions">
        {can('UPDATE_MODEL_SETTINGS') && <Change model={model} access={access.value} />}
        {!allowed && isHelped && can('MANAGE_EXCEPTIONS') && (
          <button type="button" onClick={() => (grants.value = true)}>
            {words.exceptions.grant}
          </button>
        )}
        {!allowed && isHelped && !can('MANAGE_EXCEPTIONS') && can('REQUEST_EXCEPTIONS') && (
          <button type="button" class="primary" onClick={() => (grants.value = true)}>
            {words.exceptions.request}
          </button>
        )}
      </div>
      {grants.value && (
        <ExceptionDialog
          model={exactNameOf(model)}
          subjectId={can('MANAGE_EXCEPTIONS') ? seenBy.value : caller.value?.user?.id}
          onClose={() => (grants.value = false)}
        />
      )}
    </>
  );
}

/** What edits the draft. What rules of single subjects have against a model is edited there. */
function Change({ model, access: { allowed, decidedBy } }: { model: Model; access: Access }) {
  const name = exactNameOf(model);
  const causes = decidedBy ?? [];
  const isLifted = causes.some(({ subjectId, reason }) => subjectId === null && reason !== 'RETIRED');
  if (isLifted) {
    return (
      <button type="button" class="primary" onClick={() => edit((policy) => allowModel(policy, name, causes))}>
        {words.models.allow}
      </button>
    );
  }
  if (!allowed) return null;
  return (
    <>
      <button type="button" onClick={() => edit((policy) => disableModels(policy, [name]))}>
        {words.models.disable}
      </button>
      {model.kind === 'CHAT' && (
        <button type="button" onClick={() => edit((policy) => ({ ...policy, defaultModelKey: name }))}>
          {words.models.makeDefault}
        </button>
      )}
    </>
  );
}
