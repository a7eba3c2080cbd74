import { count } from '../format.ts';
import { Scroll } from '../parts/scroll.tsx';
import { can } from '../state/caller.ts';
import { edit, edited } from '../state/draft.ts';
import { providerKeys } from '../state/keys.ts';
import type { Model } from '../state/models.ts';
import { switchProvider } from '../state/policy-edits.ts';
import { words } from '../words.ts';
import { ModelRow } from './model-row.tsx';
import { type Group, isFiltered, opened, toggle } from './rows.ts';

interface ProviderProps {
  group: Group;
  isOpen: boolean;
  rows: Model[];
}

/** A provider with its switch, and its models below it. */
export function Provider({ group: { slug, name, total, allowed, used }, isOpen, rows }: ProviderProps) {
  const keys = providerKeys.value?.filter(({ provider, isActive }) => provider === slug && isActive) ?? [];
  const id = `provider-${slug}`;
  return (
    <section class="provider" aria-labelledby={id}>
      <div class="provider-head">
        {can('UPDATE_MODEL_SETTINGS') && edited.value && <Switch slug={slug} name={name} />}
        <h2 id={id}>{name}</h2>
        <p>
          {words.models.provider(count(total), count(allowed), count(used))}
          {keys[0] && ` · ${words.models.key(keys[0].last4)}`}
        </p>
        {!isFiltered.value && (
          <button type="button" aria-expanded={isOpen} onClick={() => (opened.value = toggle(opened.value, slug))}>
            {isOpen ? words.models.hide : words.models.showModels}
            <span class="hidden"> {words.models.of(name)}</span>
          </button>
        )}
      </div>
      {rows.length > 0 && (
        <Scroll label={name}>
          <table class="models">
            <thead>
              <tr>
                {can('UPDATE_MODEL_SETTINGS') && (
                  <th scope="col">
                    <span class="hidden">{words.models.tick}</span>
                  </th>
                )}
                <th scope="col">{words.columns.model}</th>
                <th scope="col">{words.columns.state}</th>
                <th scope="col" class="number">
                  {words.columns.price}
                </th>
                <th scope="col" class="number">
                  {words.columns.context}
                </th>
                <th scope="col" class="number">
                  {words.columns.uses}
                </th>
                <th scope="col">
                  <span class="hidden">{words.columns.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {/* Not keyed by its model: a row that shows another one costs a keystroke less than a new row. */}
              {rows.map((model, place) => (
                <ModelRow key={place} model={model} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}

function Switch({ slug, name }: { slug: string; name: string }) {
  const isOn = !edited.value?.disabledProviders.includes(slug);
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={name}
      class="switch"
      onClick={() => edit((policy) => switchProvider(policy, slug, !isOn))}
    />
  );
}
