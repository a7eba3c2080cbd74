import { count, date, perMillion, tokens } from '../format.ts';
import { ModelState } from '../parts/model-state.tsx';
import { can } from '../state/caller.ts';
import { exactNameOf, type Model, uses } from '../state/models.ts';
import { words } from '../words.ts';
import { ModelDetails } from './model-details.tsx';
import { detailed, draftMarks, ticked, toggle } from './rows.ts';

/** A model in a line: what it is, whether it may be used, what it costs, how much it is used. */
export function ModelRow({ model }: { model: Model }) {
  const isOpen = detailed.value.has(model.id);
  const mark = draftMarks.value.get(model.id);
  const { displayName, contextWindow, inputCostPer1kTokens: input, outputCostPer1kTokens: output, retiresAt } = model;
  const use = uses.value.get(exactNameOf(model));
  const canEdit = can('UPDATE_MODEL_SETTINGS');
  return (
    <>
      <tr>
        {canEdit && (
          <td>
            <input
              type="checkbox"
              aria-label={words.models.tickOne(displayName)}
              checked={ticked.value.has(model.id)}
              onChange={({ currentTarget }) => (ticked.value = toggle(ticked.value, model.id, currentTarget.checked))}
            />
          </td>
        )}
        <th scope="row">
          {displayName} <code>{model.modelId}</code>
        </th>
        <td class="state-of">
          <ModelState model={model} />
          {mark && <small class="mark">{mark}</small>}
          {retiresAt && <small>{words.models.retires(date(retiresAt), model.lifecycle === 'RETIRED')}</small>}
        </td>
        <td class="number" data-label={words.columns.price}>
          {input && output ? words.models.price(perMillion(input), perMillion(output)) : '–'}
        </td>
        <td class="number" data-label={words.columns.context}>
          {contextWindow === null ? '–' : tokens(contextWindow)}
        </td>
        <td class="number" data-label={words.columns.uses}>
          {use ? count(use.usageCount) : '–'}
        </td>
        <td>
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => (detailed.value = toggle(detailed.value, model.id))}
          >
            {words.models.details}
            <span class="hidden"> {words.models.of(displayName)}</span>
          </button>
        </td>
      </tr>
      {isOpen && (
        <tr class="details">
          <td colSpan={canEdit ? 7 : 6}>
            <ModelDetails key={model.id} model={model} />
          </td>
        </tr>
      )}
    </>
  );
}
