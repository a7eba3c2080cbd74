import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { date } from '../format.ts';
import { DefaultModel as ReadDefault } from '../generated/operations.ts';
import type { DefaultModelQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { can, membership } from '../state/caller.ts';
import { edit, edited } from '../state/draft.ts';
import { exactNameOf, type Model, models } from '../state/models.ts';
import { failed } from '../state/notice.ts';
import { changes } from '../state/revision.ts';
import { words } from '../words.ts';

/** The model for those who name none; for owners and admins with a picker of allowed ones. */
export function DefaultModel() {
  const shown = useSignal<DefaultModelQuery['organization']>(null);
  const picks = useSignal(false);
  const organizationId = membership.value?.organizationId ?? '';
  useEffect(() => {
    ask(ReadDefault, { organizationId }).then(({ organization }) => (shown.value = organization), failed);
  }, [organizationId, changes.value]);
  const settings = shown.value?.modelSettings;
  const key = edited.value?.defaultModelKey;
  const isDraft = edited.value !== undefined && settings !== undefined && key !== settings.defaultModelKey;
  const name = isDraft ? (key ?? undefined) : settings?.defaultModel?.displayName;
  return (
    <div class="default">
      <p>
        {words.default.title} <strong>{name ?? words.default.none}</strong>
        {isDraft && <small class="mark"> {words.default.draft}</small>}
      </p>
      {can('UPDATE_MODEL_SETTINGS') && edited.value && (
        <button type="button" onClick={() => (picks.value = true)}>
          {words.default.change}
        </button>
      )}
      {picks.value && <Picker onClose={() => (picks.value = false)} />}
    </div>
  );
}

/** How many are offered at once: who has more types more of the name. */
const maxOffered = 40;

function Picker({ onClose }: { onClose: () => void }) {
  const search = useSignal('');
  const picked = useSignal(edited.value?.defaultModelKey ?? '');
  const offered = useComputed(() => {
    const text = search.value.toLowerCase();
    const isOffered = (model: Model) =>
      model.access.allowed &&
      model.kind === 'CHAT' &&
      `${model.displayName} ${exactNameOf(model)}`.toLowerCase().includes(text);
    return (models.value ?? []).filter(isOffered);
  });
  const submit = () => {
    edit((policy) => ({ ...policy, defaultModelKey: picked.value === '' ? null : picked.value }));
    onClose();
  };
  return (
    <Dialog title={words.default.pick} onClose={onClose} submit={{ label: words.default.use, act: submit }}>
      <Field label={words.search} hint={words.default.hint}>
        {(ids) => (
          <input
            {...ids}
            type="search"
            value={search.value}
            onInput={({ currentTarget }) => (search.value = currentTarget.value)}
          />
        )}
      </Field>
      <fieldset class="choices">
        <legend class="hidden">{words.default.pick}</legend>
        <Choice value="" label={words.default.none} />
        {offered.value.slice(0, maxOffered).map((model) => (
          <Choice
            key={model.id}
            value={exactNameOf(model)}
            label={model.displayName}
            hint={[
              model.providerDisplayName,
              ...(model.retiresAt === null ? [] : [words.models.retires(date(model.retiresAt))]),
            ].join(' · ')}
          />
        ))}
      </fieldset>
      {offered.value.length > maxOffered && <p>{words.default.more(offered.value.length - maxOffered)}</p>}
    </Dialog>
  );

  function Choice({ value, label, hint }: { value: string; label: string; hint?: string }) {
    return (
      <label class="choice">
        <input type="radio" name="default" checked={picked.value === value} onChange={() => (picked.value = value)} />
        {label} {hint && <small>{hint}</small>}
      </label>
    );
  }
}
