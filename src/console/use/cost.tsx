import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { count, date, dollars } from '../format.ts';
import { ModelUse, UsageSeries } from '../generated/operations.ts';
import type { ModelUseQuery, UsageSeriesQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { Empty, Loading } from '../parts/empty.tsx';
import { membership } from '../state/caller.ts';
import { exactNameOf } from '../state/models.ts';
import { failed } from '../state/notice.ts';
import { words } from '../words.ts';
import { Bars } from './bars.tsx';

const dayMs = 86_400_000;
const periods = [7, 30, 90] as const;

/** How many models are shown, those that cost most. */
const maxModels = 20;

interface Read {
  models: ModelUseQuery['modelConfigUsage'];
  days: UsageSeriesQuery['modelUsageSeries'];
}

/** Cost and use by day and by model. */
export function Cost() {
  const days = useSignal<number>(30);
  const read = useSignal<Read | undefined>(undefined);
  const organizationId = membership.value?.organizationId ?? '';
  useEffect(() => {
    const to = new Date();
    const from = new Date(to.getTime() - days.value * dayMs);
    const period = { organizationId, from: from.toISOString(), to: to.toISOString() };
    Promise.all([ask(ModelUse, period), ask(UsageSeries, { ...period, granularity: 'DAY' })]).then(
      ([{ modelConfigUsage }, { modelUsageSeries }]) => {
        read.value = { models: modelConfigUsage, days: modelUsageSeries };
      },
      failed,
    );
  }, [organizationId, days.value]);
  return (
    <section class="group" aria-labelledby="cost">
      <div class="person-head">
        <h2 id="cost">{words.use.title}</h2>
        <label>
          {words.use.period}{' '}
          <select
            value={days.value}
            onChange={({ currentTarget }) => {
              days.value = Number(currentTarget.value);
            }}
          >
            {periods.map((one) => (
              <option key={one} value={one}>
                {words.use.days(one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {read.value === undefined ? <Loading label={words.loading} /> : <Shown {...read.value} />}
    </section>
  );
}

function Shown({ models, days }: Read) {
  if (models.length === 0) return <Empty>{words.use.none}</Empty>;
  const byCost = models.toSorted((one, other) => Number(other.cost ?? 0) - Number(one.cost ?? 0)).slice(0, maxModels);
  const unpriced = models.reduce((sum, model) => sum + Number(model.unpricedCount), 0);
  return (
    <>
      <Bars
        caption={words.use.byDay}
        columns={[words.use.day, words.use.cost, words.use.uses]}
        rows={days.map(({ at, cost, usageCount }) => ({
          label: date(at),
          size: Number(cost ?? 0),
          values: [cost === null ? '–' : dollars(cost), count(usageCount)],
        }))}
      />
      <Bars
        caption={words.use.byModel}
        columns={[words.columns.model, words.use.cost, words.use.uses, words.use.tokens]}
        isOpen
        rows={byCost.map((model) => ({
          label: model.model?.displayName ?? exactNameOf(model),
          size: Number(model.cost ?? 0),
          values: [model.cost === null ? '–' : dollars(model.cost), count(model.usageCount), count(model.totalTokens)],
        }))}
      />
      {unpriced > 0 && <small>{words.use.unpriced(count(unpriced))}</small>}
    </>
  );
}
