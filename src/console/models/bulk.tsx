import { ModelAccess } from '../generated/operations.ts';
import { ask } from '../graph/ask.ts';
import { membership } from '../state/caller.ts';
import { edit } from '../state/draft.ts';
import { exactNameOf, modelsById } from '../state/models.ts';
import { failed } from '../state/notice.ts';
import { allowModel, disableModels } from '../state/policy-edits.ts';
import { words } from '../words.ts';
import { ticked } from './rows.ts';

/** What is done to all models that are ticked. */
export function Bulk() {
  const names = [...ticked.value].flatMap((id) => {
    const model = modelsById.value.get(id);
    return model ? [exactNameOf(model)] : [];
  });
  if (names.length === 0) return null;
  const clear = () => {
    ticked.value = new Set();
  };
  const allow = async () => {
    try {
      for (const name of names) {
        const variables = { organizationId: membership.value?.organizationId ?? '', modelKey: name, subjectId: null };
        const { decidedBy } = (await ask(ModelAccess, variables)).modelAccess;
        edit((policy) => allowModel(policy, name, decidedBy ?? []));
      }
      clear();
    } catch (error) {
      failed(error);
    }
  };
  return (
    <section class="bulk" aria-label={words.models.ticked(names.length)}>
      <p role="status">{words.models.ticked(names.length)}</p>
      <button
        type="button"
        onClick={() => {
          edit((policy) => disableModels(policy, names));
          clear();
        }}
      >
        {words.models.disable}
      </button>
      <button type="button" onClick={allow}>
        {words.models.allow}
      </button>
      <button type="button" onClick={clear}>
        {words.models.untick}
      </button>
    </section>
  );
}
