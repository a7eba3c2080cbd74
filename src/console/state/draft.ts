import { computed, effect, signal } from '@preact/signals';
import { documentOf, type Policy, type PolicyDocument, policyOf } from '../../policy/policy-value.ts';
import { ApplyPolicy, PolicyDiff, Policy as ReadPolicy } from '../generated/operations.ts';
import type { ApplyPolicyMutation, PolicyDiffQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { words } from '../words.ts';
import { caller, can, membership } from './caller.ts';
import { done, failed } from './notice.ts';
import { rebase } from './policy-edits.ts';
import { messageOf, refusalOf } from './refusal.ts';
import { changed, changes } from './revision.ts';

type Result = ApplyPolicyMutation['applyPolicy'];
export type Preview = Extract<Result, { __typename: 'PolicyPreview' }>;
type Change = NonNullable<PolicyDiffQuery['organization']>['policyDiff']['changes'][number];

interface Base {
  revision: number;
  policy: Policy;
}

/** The policy as it is; undefined until it is read, and for those who may not. */
export const base = signal<Base | undefined>();
/** The policy as it would be; undefined where nothing is edited. */
export const draft = signal<Policy | undefined>();
/** What the dry run says of the draft; undefined while it is on its way. */
export const preview = signal<Preview | undefined>();
/** Why the draft cannot be saved, in a sentence. */
export const problem = signal<string | undefined>();
/** What others have changed while there was a draft, which was made on top of it; until the user has understood. */
export const othersChanges = signal<readonly Change[]>([]);
export const isSaving = signal(false);
/** Why it was not saved when the user last wanted that. */
export const saveProblem = signal<string | undefined>();

/** The policy that the page shows: with the edits of the draft. */
export const edited = computed(() => draft.value ?? base.value?.policy);

const keyOf = (organizationId: string) => `modelgate:draft:${organizationId}:${caller.value?.user?.id ?? ''}`;
const textOf = (policy: Policy) => JSON.stringify(documentOf(policy));

/** Edits the draft. One that is as the policy is already is none. */
export function edit(change: (policy: Policy) => Policy): void {
  if (!base.value) return;
  setDraft(change(edited.value ?? base.value.policy));
}

export function discard(): void {
  setDraft(undefined);
  done(words.draft.discarded);
}

function setDraft(next: Policy | undefined): void {
  const isNone = next === undefined || (base.value && textOf(next) === textOf(base.value.policy));
  draft.value = isNone ? undefined : next;
  if (isNone) understood();
  keep();
}

export function understood(): void {
  othersChanges.value = [];
  toldFrom = undefined;
}

/** The revision from which on others' changes are told. */
let toldFrom: number | undefined;

/** Reloading the page shall not lose a draft. It is no secret: the user may read the policy. */
function keep(): void {
  const id = membership.value?.organizationId;
  if (id === undefined || !base.value) return;
  if (!draft.value) {
    sessionStorage.removeItem(keyOf(id));
    return;
  }
  const { revision, policy } = base.value;
  const kept = { revision, base: documentOf(policy), draft: documentOf(draft.value) };
  sessionStorage.setItem(keyOf(id), JSON.stringify(kept));
}

/** Reads the policy whenever it may have changed, makes the draft anew on top of it, and tries the draft. */
export function watchPolicy(): void {
  effect(() => {
    const id = membership.value?.organizationId;
    const key = id === undefined ? undefined : keyOf(id);
    if (key !== shownKey) reset();
    shownKey = key;
    void changes.value;
    if (id !== undefined && can('READ_POLICY')) void loadPolicy(id).catch(failed);
  });
  let tried: string | undefined;
  effect(() => {
    const text = draft.value && textOf(draft.value);
    // The same draft on another base is tried again behind what was said of it: no button goes away under the pointer.
    if (text !== tried) {
      preview.value = undefined;
      problem.value = undefined;
    }
    tried = text;
    if (!draft.value || !base.value) return;
    const stop = new AbortController();
    const timer = setTimeout(() => void tryDraft(stop.signal), quietMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  });
}

/** A draft is tried when it has not been edited for so long, in ms. */
const quietMs = 250;
/** Whose policy of which organization is shown. */
let shownKey: string | undefined;

function reset(): void {
  base.value = undefined;
  draft.value = undefined;
  understood();
}

async function loadPolicy(organizationId: string): Promise<void> {
  const key = shownKey;
  const { organization } = await ask(ReadPolicy, { organizationId });
  if (!organization || key !== shownKey) return;
  const { revision, policy } = organization;
  // An answer that was overtaken by a later one is no news.
  if (revision < (base.peek()?.revision ?? 0)) return;
  const next = { revision, policy: policyOf(JSON.parse(policy.document) as PolicyDocument) };
  const former = base.peek() ?? keptBase(organizationId);
  const mine = draft.peek();
  base.value = next;
  if (!former || !mine) return;
  setDraft(rebase(former.policy, mine, next.policy));
  const isOthers = textOf(former.policy) !== textOf(next.policy);
  if (isOthers && draft.value) await tellOthers(organizationId, former.revision);
}

/** The draft of before the page was loaded again. */
function keptBase(organizationId: string): Base | undefined {
  const text = sessionStorage.getItem(keyOf(organizationId));
  if (text === null) return undefined;
  const kept = JSON.parse(text) as { revision: number; base: PolicyDocument; draft: PolicyDocument };
  draft.value = policyOf(kept.draft);
  return { revision: kept.revision, policy: policyOf(kept.base) };
}

async function tellOthers(organizationId: string, from: number): Promise<void> {
  toldFrom ??= from;
  const { organization } = await ask(PolicyDiff, { organizationId, from: toldFrom });
  othersChanges.value = organization?.policyDiff.changes ?? [];
}

async function tryDraft(stop: AbortSignal): Promise<void> {
  try {
    const result = await apply({ dryRun: true }, stop);
    if (stop.aborted) return;
    if (isConflict(result)) return changed();
    preview.value = result?.__typename === 'PolicyPreview' ? result : undefined;
    problem.value = result && refusalOf(result);
  } catch (error) {
    // It is tried again once the policy is read again, as it is when the page hears of changes again.
    if (!stop.aborted) problem.value = words.draft.untried(messageOf(error));
  }
}

/** Saves the draft, and answers whether it was. Where others have changed the policy meanwhile they are told first. */
export async function save(reason: string): Promise<boolean> {
  isSaving.value = true;
  saveProblem.value = undefined;
  try {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const policy = draft.value;
      const result = await apply({ reason });
      if (policy && result?.__typename === 'OrganizationModelSettings') {
        // It is shown at once: until it is read anew, nothing shall look as it was before.
        base.value = { revision: result.revision, policy };
        setDraft(draft.value);
        done(words.draft.saved(result.revision));
        changed();
        return true;
      }
      if (!isConflict(result)) {
        saveProblem.value = result && refusalOf(result);
        return false;
      }
      const before = othersChanges.value;
      await loadPolicy(membership.value?.organizationId ?? '');
      if (othersChanges.value !== before) break;
    }
    saveProblem.value = words.draft.conflict;
    return false;
  } catch (error) {
    saveProblem.value = messageOf(error);
    return false;
  } finally {
    isSaving.value = false;
  }
}

/** How often a draft is saved again where something else than the policy has changed meanwhile. */
const maxAttempts = 4;

/** The document is the whole policy: at another revision than its base it would undo what others have changed. */
async function apply(how: object, stop?: AbortSignal): Promise<Result | undefined> {
  const organizationId = membership.value?.organizationId;
  if (!draft.value || !base.value || organizationId === undefined) return undefined;
  const input = { organizationId, document: textOf(draft.value), expectedRevision: base.value.revision, ...how };
  return (await ask(ApplyPolicy, { input }, stop)).applyPolicy;
}

function isConflict(result: Result | undefined): boolean {
  return result !== undefined && 'code' in result && result.code === 'REVISION_CONFLICT';
}
