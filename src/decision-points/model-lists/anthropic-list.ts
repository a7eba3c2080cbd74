import { lifecycleOf } from '../../catalog/lifecycle.ts';
import { ValidationError } from '../../errors/base.ts';
import { type ListedModel, qualifiedId } from './listed-models.ts';

/** Where the date of a release is unknown: Anthropic has the epoch there. */
const unknownDate = '1970-01-01';

/** A model as Anthropic lists it; what the catalog does not know is null. An alias says which model it stands for. */
export function toModelInfo({ id, name, model, isAlias }: ListedModel, now: Date) {
  const isActive = stageOf(model, now) === 'active';
  return {
    type: 'model' as const,
    id,
    display_name: name,
    created_at: momentOf(model.releasedAt ?? unknownDate),
    max_input_tokens: model.contextWindow,
    max_tokens: model.maxOutputTokens,
    lifecycle: stageOf(model, now),
    deprecated_at: isActive ? null : momentOf(model.deprecatedAt),
    retires_at: isActive ? null : momentOf(model.retiresAt),
    capabilities: null,
    line: null,
    ...(isAlias ? { resolves_to: qualifiedId(model) } : {}),
  };
}

function stageOf(model: ListedModel['model'], now: Date): 'active' | 'deprecated' {
  return lifecycleOf(model, now) === 'DEPRECATED' ? 'deprecated' : 'active';
}

function momentOf<Day extends string | null>(day: Day) {
  return (day === null ? null : `${day}T00:00:00Z`) as Day extends string ? string : string | null;
}

const stages = ['active', 'deprecated', 'retired'];

/**
 * A page of the list, the most recently released models first. A cursor is the id of a model of the list.
 * @throws ValidationError for a limit, a cursor or a stage that there is not
 */
export function toAnthropicPage(models: readonly ListedModel[], query: URLSearchParams, now: Date) {
  const wanted = readStages(query);
  const all = models
    .filter(({ model }) => wanted.length === 0 || wanted.includes(stageOf(model, now)))
    .toSorted(byRelease);
  const limit = readLimit(query.get('limit'));
  const after = placeOf(all, query, 'after_id');
  const before = placeOf(all, query, 'before_id');
  if (after !== undefined && before !== undefined) throw invalid('before_id', 'must not be given beside after_id');

  const start = before === undefined ? (after ?? -1) + 1 : Math.max(0, before - limit);
  const end = Math.min(before ?? all.length, start + limit);
  const data = all.slice(start, end).map((listed) => toModelInfo(listed, now));
  return {
    data,
    has_more: before === undefined ? end < all.length : start > 0,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

function byRelease({ model: one }: ListedModel, { model: other }: ListedModel): number {
  const [first, second] = [one.releasedAt ?? unknownDate, other.releasedAt ?? unknownDate];
  if (first === second) return 0;
  return first > second ? -1 : 1;
}

function readLimit(text: string | null): number {
  if (text === null) return 20;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > 1_000) throw invalid('limit', 'must be a number from 1 to 1000');
  return limit;
}

function placeOf(all: readonly ListedModel[], query: URLSearchParams, name: string): number | undefined {
  const cursor = query.get(name);
  if (cursor === null) return undefined;
  const place = all.findIndex(({ id }) => id === cursor);
  if (place < 0) throw invalid(name, 'names no model of this list');
  return place;
}

function readStages(query: URLSearchParams): string[] {
  const wanted = [...query.getAll('lifecycle'), ...query.getAll('lifecycle[]')];
  if (wanted.some((stage) => !stages.includes(stage))) throw invalid('lifecycle', `must be of ${stages.join(', ')}`);
  return wanted;
}

function invalid(path: string, message: string): ValidationError {
  return new ValidationError([{ path, message }]);
}
