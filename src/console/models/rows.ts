import { computed, signal } from '@preact/signals';
import { preview } from '../state/draft.ts';
import { exactNameOf, type Model, models, uses } from '../state/models.ts';
import { words } from '../words.ts';

/** Rows that are drawn at once: as many as fill a window. A keystroke in the filter shall take less than 50 ms. */
const firstRows = 40;
const moreRows = 100;

export type Only = 'all' | 'allowed' | 'refused' | 'used';

export const search = signal('');
export const only = signal<Only>('all');
/** How many rows are drawn at most: with thousands of models more are drawn as one scrolls. */
export const budget = signal(firstRows);
/** Providers whose models are shown, where nothing is searched for. */
export const opened = signal<ReadonlySet<string>>(new Set());
/** Ids of the models whose details are shown. */
export const detailed = signal<ReadonlySet<string>>(new Set());
/** Ids of the models that are ticked. */
export const ticked = signal<ReadonlySet<string>>(new Set());

export interface Group {
  slug: string;
  name: string;
  /** Those that the filter leaves. */
  models: Model[];
  total: number;
  allowed: number;
  used: number;
}

/** What is searched in, written once for each model. */
const texts = computed(() =>
  (models.value ?? []).map((model) => ({
    model,
    name: exactNameOf(model),
    text: `${model.displayName} ${exactNameOf(model)} ${model.providerDisplayName}`.toLowerCase(),
  })),
);

export const isFiltered = computed(() => search.value.trim() !== '' || only.value !== 'all');

/** The providers with those of their models that the filter leaves. */
export const groups = computed<Group[]>(() => {
  const found = new Map<string, Group>();
  const sought = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const { model, name, text } of texts.value) {
    let group = found.get(model.provider);
    if (!group) {
      group = { slug: model.provider, name: model.providerDisplayName, models: [], total: 0, allowed: 0, used: 0 };
      found.set(model.provider, group);
    }
    const isUsed = uses.value.has(name);
    group.total += 1;
    if (isUsed) group.used += 1;
    if (model.access.allowed) group.allowed += 1;
    if (sought.every((word) => text.includes(word)) && isLeft(model, isUsed)) group.models.push(model);
  }
  return isFiltered.value ? [...found.values()].filter(({ models: left }) => left.length > 0) : [...found.values()];
});

function isLeft({ access }: Model, isUsed: boolean): boolean {
  switch (only.value) {
    case 'allowed':
      return access.allowed;
    case 'refused':
      return !access.allowed;
    case 'used':
      return isUsed;
    default:
      return true;
  }
}

/** The rows that are drawn, by provider: as many as the budget allows. */
export const drawn = computed(() => {
  let left = budget.value;
  return groups.value.map((group) => {
    const isOpen = isFiltered.value || opened.value.has(group.slug);
    const rows = isOpen ? group.models.slice(0, left) : [];
    left -= rows.length;
    return { group, isOpen, rows, hidden: isOpen ? group.models.length - rows.length : 0 };
  });
});

/** What the draft would make of models, by their ids. */
export const draftMarks = computed(() => {
  const { newlyBlocked = [], newlyAllowed = [] } = preview.value?.impact ?? {};
  return new Map([
    ...newlyBlocked.map(({ model }) => [model.id, words.models.willBeRefused] as const),
    ...newlyAllowed.map(({ model }) => [model.id, words.models.willBeAllowed] as const),
  ]);
});

/** Filters by another text, from the first row on. */
export function searchFor(text: string): void {
  search.value = text;
  budget.value = firstRows;
}

export function drawMore(): void {
  budget.value += moreRows;
}

export function toggle<Value>(set: ReadonlySet<Value>, value: Value, isIn = !set.has(value)): ReadonlySet<Value> {
  const next = new Set(set);
  if (isIn) next.add(value);
  else next.delete(value);
  return next;
}
