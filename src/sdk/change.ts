import type { Model } from '../catalog/model.ts';
import { positionsOf } from '../policy/model-set.ts';
import { allowedAt } from '../policy/policy.ts';
import { exactName } from '../policy/review.ts';
import { rulesOf } from '../policy/rules.ts';
import { anySubject, type Subject } from '../policy/subject.ts';
import type { State } from './state.ts';
import type { Change } from './types.ts';

/** The models that a subject may use, in the order of the catalog. */
export function allowedModels({ snapshot, catalog }: State, subject: Subject, now: Date): Model[] {
  const { models } = allowedAt(rulesOf(snapshot, catalog, subject), catalog, now);
  return positionsOf(models).flatMap((position) => catalog.models[position] ?? []);
}

/** What another state means for whoever has no rules of its own. */
export function changeOf(before: State, after: State, now: Date): Change {
  const [was, is] = [before, after].map((state) => new Set(allowedModels(state, anySubject, now).map(exactName)));
  const { revision, catalogVersion } = after.document;
  return {
    revision,
    catalogVersion,
    newlyBlocked: [...(was ?? [])].filter((model) => !is?.has(model)),
    newlyAllowed: [...(is ?? [])].filter((model) => !was?.has(model)),
  };
}
