import { computed, effect, signal } from '@preact/signals';
import { Models, ModelUse } from '../generated/operations.ts';
import type { ModelsQuery, ModelUseQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { readPages } from '../graph/pages.ts';
import { membership } from './caller.ts';
import { failed } from './notice.ts';
import { changes } from './revision.ts';

export type Model = ModelsQuery['models']['edges'][number]['node'];
export type Use = ModelUseQuery['modelConfigUsage'][number];

const dayMs = 86_400_000;

/** The models of the catalog, as they are for whom the page shows them; undefined until the first page is there. */
export const models = signal<Model[] | undefined>();
/** How many there will be, where some are still being read. */
export const totalCount = signal(0);
/** Through whose eyes: a subject's id; undefined: one's own. */
export const seenBy = signal<string | undefined>();
/** The use of models in the last 30 days, by `provider/modelId`. */
export const uses = signal<ReadonlyMap<string, Use>>(new Map());

export const modelsById = computed(() => new Map((models.value ?? []).map((model) => [model.id, model])));

/** How a policy names this model and no other. */
export const exactNameOf = ({ provider, modelId }: { provider: string; modelId: string }) => `${provider}/${modelId}`;

/** Whether all models that are called so are retired; those that the console does not know are none. */
export function isRetired(name: string): boolean {
  const sought = name.toLowerCase();
  const namesOf = (model: Model) => [model.displayName, model.modelId, exactNameOf(model)];
  const named = (models.value ?? []).filter((model) => namesOf(model).some((one) => one.toLowerCase() === sought));
  return named.length > 0 && named.every(({ lifecycle }) => lifecycle === 'RETIRED');
}

/** Reads the models whenever the organization, the subject or the policy changes. What is shown stays until the next is there. */
export function watchModels(): void {
  let shown = '';
  effect(() => {
    const id = membership.value?.organizationId;
    const subjectId = seenBy.value ?? null;
    void changes.value;
    if (id === undefined) return;
    const view = `${id} ${subjectId}`;
    if (view !== shown) models.value = undefined;
    shown = view;
    const stop = new AbortController();
    void loadModels(id, subjectId, stop.signal).catch(failed);
    return () => stop.abort();
  });
  effect(() => {
    const id = membership.value?.organizationId;
    if (id !== undefined) void loadUses(id).catch(failed);
  });
}

async function loadModels(organizationId: string, subjectId: string | null, stop: AbortSignal): Promise<void> {
  const read = async (after: string | null) => (await ask(Models, { organizationId, subjectId, after }, stop)).models;
  await readPages(read, (nodes, total) => {
    if (stop.aborted) return;
    totalCount.value = total;
    // The rest of an earlier list stands behind what has been read anew: nothing jumps.
    const former = models.value ?? [];
    models.value =
      nodes.length < total && former.length > nodes.length ? [...nodes, ...former.slice(nodes.length)] : nodes;
  });
}

async function loadUses(organizationId: string): Promise<void> {
  const to = new Date();
  const from = new Date(to.getTime() - 30 * dayMs);
  const period = { organizationId, from: from.toISOString(), to: to.toISOString() };
  const { modelConfigUsage } = await ask(ModelUse, period);
  uses.value = new Map(modelConfigUsage.map((use) => [exactNameOf(use), use]));
}
