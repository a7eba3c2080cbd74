import { useComputed } from '@preact/signals';
import { count, date, fromNow } from '../format.ts';
import { Empty } from '../parts/empty.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { exactNameOf, type Model, models, uses } from '../state/models.ts';
import { words } from '../words.ts';

/** How many models are named in the place of one that retires. */
const maxSuccessors = 3;

/** The models that their providers retire, soonest first, with what could take their place. */
export function Retirements() {
  const retiring = useComputed(() =>
    (models.value ?? [])
      .filter(({ retiresAt, lifecycle }) => retiresAt !== null && lifecycle !== 'RETIRED')
      .toSorted((one, other) => Date.parse(one.retiresAt ?? '') - Date.parse(other.retiresAt ?? '')),
  );
  return (
    <section class="group" aria-labelledby="retirements">
      <h2 id="retirements">{words.review.retirements}</h2>
      {models.value && retiring.value.length === 0 && <Empty>{words.review.noneRetires}</Empty>}
      {retiring.value.length > 0 && (
        <Scroll label={words.review.retirements}>
          <table class="stacked">
            <thead>
              <tr>
                <th scope="col">{words.columns.model}</th>
                <th scope="col">{words.columns.retires}</th>
                <th scope="col" class="number">
                  {words.columns.uses}
                </th>
                <th scope="col">{words.columns.successors}</th>
              </tr>
            </thead>
            <tbody>
              {retiring.value.map((model) => (
                <Retirement key={model.id} model={model} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}

function Retirement({ model }: { model: Model }) {
  const use = uses.value.get(exactNameOf(model));
  const retiresAt = model.retiresAt ?? '';
  const successors = useComputed(() => successorsOf(model));
  return (
    <tr>
      <th scope="row">
        {model.displayName} <code>{exactNameOf(model)}</code>
      </th>
      <td data-label={words.columns.retires}>
        <time dateTime={retiresAt}>{date(retiresAt)}</time> <small>{fromNow(retiresAt)}</small>
      </td>
      <td class="number" data-label={words.columns.uses}>
        {use ? count(use.usageCount) : '–'}
      </td>
      <td data-label={words.columns.successors}>
        {successors.value.map(({ id, displayName, access }) => (
          <p key={id}>
            {displayName}{' '}
            <strong class={`state ${access.allowed ? 'allowed' : 'refused'}`}>
              {access.allowed ? words.allowed : words.refused}
            </strong>
          </p>
        ))}
        {successors.value.length === 0 && words.review.noSuccessor}
      </td>
    </tr>
  );
}

/** Newer models of the same family that stay, the newest first; the catalog names no successors. */
function successorsOf({ id, provider, family, kind }: Model): Model[] {
  return (models.value ?? [])
    .filter((other) => other.provider === provider && other.family === family && other.kind === kind)
    .filter((other) => other.id !== id && other.retiresAt === null && other.lifecycle === 'ACTIVE')
    .toSorted((one, other) => Date.parse(other.addedAt) - Date.parse(one.addedAt))
    .slice(0, maxSuccessors);
}
