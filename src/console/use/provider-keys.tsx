import { useComputed, useSignal } from '@preact/signals';
import { date, fromNow } from '../format.ts';
import { CreateProviderKey, DeleteProviderKey, RotateProviderKey, UpdateProviderKey } from '../generated/operations.ts';
import { ask } from '../graph/ask.ts';
import { act } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { Empty, Loading } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { TextField } from '../parts/text-field.tsx';
import { membership } from '../state/caller.ts';
import { type ProviderKey, providerKeys } from '../state/keys.ts';
import { models } from '../state/models.ts';
import { failed } from '../state/notice.ts';
import { words } from '../words.ts';

type Open = { kind: 'create' } | { kind: 'rotate' | 'delete'; key: ProviderKey };

/** The organization's own keys at providers. A secret is typed here, and never shown again. */
export function ProviderKeys() {
  const open = useSignal<Open | undefined>(undefined);
  const close = () => {
    open.value = undefined;
  };
  return (
    <section class="group" aria-labelledby="provider-keys">
      <h2 id="provider-keys">{words.keys.provider}</h2>
      {providerKeys.value === undefined && <Loading label={words.loading} />}
      {providerKeys.value?.length === 0 && <Empty>{words.keys.noProviderKey}</Empty>}
      {providerKeys.value?.map((key) => (
        <article key={key.id} class="card" aria-label={key.name}>
          <p>
            <strong>{key.name}</strong> <small>{key.provider}</small> <code>…{key.last4}</code>
          </p>
          <p>
            {key.isActive ? words.keys.active : words.keys.inactive} · {words.keys.since(date(key.createdAt))}
            {key.lastUsedAt && ` · ${words.keys.lastUsed(fromNow(key.lastUsedAt))}`}
          </p>
          <div class="actions">
            <button type="button" onClick={() => void switchKey(key)}>
              {key.isActive ? words.keys.switchOff : words.keys.switchOn}
              <span class="hidden"> {key.name}</span>
            </button>
            <button
              type="button"
              onClick={() => {
                open.value = { kind: 'rotate', key };
              }}
            >
              {words.keys.rotate}
              <span class="hidden"> {key.name}</span>
            </button>
            <button
              type="button"
              onClick={() => {
                open.value = { kind: 'delete', key };
              }}
            >
              {words.keys.delete}
              <span class="hidden"> {key.name}</span>
            </button>
          </div>
        </article>
      ))}
      <button
        type="button"
        onClick={() => {
          open.value = { kind: 'create' };
        }}
      >
        {words.keys.add}
      </button>
      {open.value?.kind === 'create' && <CreateDialog onClose={close} />}
      {open.value?.kind === 'rotate' && <RotateDialog providerKey={open.value.key} onClose={close} />}
      {open.value?.kind === 'delete' && <DeleteDialog providerKey={open.value.key} onClose={close} />}
    </section>
  );
}

async function switchKey({ id, isActive }: ProviderKey) {
  const input = { id, isActive: !isActive };
  const problem = await act(
    async () => (await ask(UpdateProviderKey, { input })).updateProviderKey,
    words.keys.switched,
  );
  if (problem !== undefined) failed(new Error(problem));
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const [name, provider, secret] = [useSignal(''), useSignal(''), useSignal('')];
  const providers = useComputed(
    () => new Map((models.value ?? []).map((model) => [model.provider, model.providerDisplayName])),
  );
  const create = () => {
    const organizationId = membership.value?.organizationId ?? '';
    const input = { organizationId, name: name.value, provider: provider.value, secret: secret.value };
    return act(async () => (await ask(CreateProviderKey, { input })).createProviderKey, words.keys.added);
  };
  return (
    <ConfirmDialog title={words.keys.add} label={words.keys.addIt} act={create} onClose={onClose}>
      <Field label={words.keys.ofProvider}>
        {(ids) => (
          <select
            {...ids}
            required
            value={provider.value}
            onChange={({ currentTarget }) => {
              provider.value = currentTarget.value;
            }}
          >
            <option value="" />
            {[...providers.value].map(([slug, shown]) => (
              <option key={slug} value={slug}>
                {shown}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TextField label={words.keys.name} value={name} />
      <TextField label={words.keys.secret} hint={words.keys.secretHint} value={secret} isSecret />
    </ConfirmDialog>
  );
}

interface OneKey {
  providerKey: ProviderKey;
  onClose: () => void;
}

function RotateDialog({ providerKey: { id, name }, onClose }: OneKey) {
  const secret = useSignal('');
  const rotate = () => {
    const input = { id, secret: secret.value };
    return act(async () => (await ask(RotateProviderKey, { input })).rotateProviderKey, words.keys.rotated);
  };
  return (
    <ConfirmDialog title={words.keys.rotateTitle(name)} label={words.keys.rotate} act={rotate} onClose={onClose}>
      <TextField label={words.keys.secret} hint={words.keys.secretHint} value={secret} isSecret />
    </ConfirmDialog>
  );
}

function DeleteDialog({ providerKey: { id, name }, onClose }: OneKey) {
  const remove = () =>
    act(async () => (await ask(DeleteProviderKey, { input: { id } })).deleteProviderKey, words.keys.deleted);
  return (
    <ConfirmDialog
      title={words.keys.deleteTitle(name)}
      label={words.keys.delete}
      isDangerous
      act={remove}
      onClose={onClose}
    >
      <p>{words.keys.deleteHint}</p>
    </ConfirmDialog>
  );
}
