import { useSignal } from '@preact/signals';
import { date } from '../format.ts';
import { CreateApiKey, RevokeApiKey } from '../generated/operations.ts';
import type { ApiKeyScope } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { act } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Empty, Loading } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { TextField } from '../parts/text-field.tsx';
import { membership } from '../state/caller.ts';
import { type ApiKey, apiKeys } from '../state/people.ts';
import { words } from '../words.ts';

/** The API keys of services. A secret is shown once, when it is made. */
export function ApiKeys() {
  const creates = useSignal(false);
  const secret = useSignal<string | undefined>(undefined);
  const revoked = useSignal<ApiKey | undefined>(undefined);
  const listed = apiKeys.value?.filter(({ status }) => status === 'ACTIVE');
  return (
    <section class="group" aria-labelledby="api-keys">
      <h2 id="api-keys">{words.keys.api}</h2>
      {listed === undefined && <Loading label={words.loading} />}
      {listed?.length === 0 && <Empty>{words.keys.noApiKey}</Empty>}
      {listed?.map((key) => (
        <article key={key.id} class="card" aria-label={key.name}>
          <p>
            <strong>{key.name}</strong> <code>…{key.last4}</code>
          </p>
          <p>
            {key.scopes.map((scope) => words.keys.scopes[scope]).join(', ')} · {words.keys.since(date(key.createdAt))}
            {key.expiresAt && ` · ${words.keys.expires(date(key.expiresAt))}`}
          </p>
          <button
            type="button"
            onClick={() => {
              revoked.value = key;
            }}
          >
            {words.keys.revoke}
            <span class="hidden"> {key.name}</span>
          </button>
        </article>
      ))}
      <button
        type="button"
        onClick={() => {
          creates.value = true;
        }}
      >
        {words.keys.addApi}
      </button>
      {creates.value && (
        <CreateDialog
          onSecret={(made) => {
            secret.value = made;
          }}
          onClose={() => {
            creates.value = false;
          }}
        />
      )}
      {secret.value !== undefined && (
        <Dialog
          title={words.keys.once}
          onClose={() => {
            secret.value = undefined;
          }}
        >
          <p>{words.keys.onceHint}</p>
          <Field label={words.keys.secret}>{(ids) => <input {...ids} readOnly value={secret.value} />}</Field>
        </Dialog>
      )}
      {revoked.value && (
        <ConfirmDialog
          title={words.keys.revokeTitle(revoked.value.name)}
          label={words.keys.revoke}
          isDangerous
          act={() => {
            const input = { id: revoked.value?.id ?? '' };
            return act(async () => (await ask(RevokeApiKey, { input })).revokeApiKey, words.keys.revoked);
          }}
          onClose={() => {
            revoked.value = undefined;
          }}
        >
          <p>{words.keys.revokeHint}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

const scopes: readonly ApiKeyScope[] = ['READ', 'USAGE_WRITE', 'SETTINGS_WRITE', 'KEYS_USE'];

function CreateDialog({ onSecret, onClose }: { onSecret: (secret: string) => void; onClose: () => void }) {
  const name = useSignal('');
  const chosen = useSignal<readonly ApiKeyScope[]>(['READ']);
  const create = () =>
    act(async () => {
      const input = {
        organizationId: membership.value?.organizationId ?? '',
        name: name.value,
        scopes: [...chosen.value],
      };
      const { createApiKey: result } = await ask(CreateApiKey, { input });
      if (result.__typename === 'CreateApiKeyPayload') onSecret(result.secret);
      return result;
    }, words.keys.apiAdded);
  return (
    <ConfirmDialog title={words.keys.addApi} label={words.keys.addIt} act={create} onClose={onClose}>
      <TextField label={words.keys.name} value={name} />
      <fieldset>
        <legend>{words.keys.may}</legend>
        {scopes.map((scope) => (
          <label key={scope} class="choice">
            <input
              type="checkbox"
              checked={chosen.value.includes(scope)}
              onChange={({ currentTarget }) => {
                const others = chosen.value.filter((one) => one !== scope);
                chosen.value = currentTarget.checked ? [...others, scope] : others;
              }}
            />
            {words.keys.scopes[scope]}
          </label>
        ))}
      </fieldset>
    </ConfirmDialog>
  );
}
