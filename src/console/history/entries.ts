import { computed, effect, signal } from '@preact/signals';
import { Revisions } from '../generated/operations.ts';
import type { RevisionEntryFragment } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { can, membership } from '../state/caller.ts';
import { failed } from '../state/notice.ts';
import { changes } from '../state/revision.ts';
import { words } from '../words.ts';

export type Entry = RevisionEntryFragment;
export type Kind = 'all' | 'policy' | 'exceptions' | 'people' | 'keys';

/** The newest entries of the history; undefined until they are there. */
export const entries = signal<Entry[] | undefined>();
export const totalCount = signal(0);
export const kind = signal<Kind>('all');
export const search = signal('');

const kinds: Readonly<Record<Exclude<Kind, 'all'>, RegExp>> = {
  policy: /^(POLICY|MODEL_SETTINGS|MODELS_REVIEWED|SCOPE|MODEL_ALIAS)/,
  exceptions: /^MODEL_EXCEPTION/,
  people: /^(MEMBER|INVITATION|TEAM|DIRECTORY|ORGANIZATION|SCIM)/,
  keys: /^(PROVIDER_KEY|API_KEY|MODEL_CONFIG)/,
};

export const isPolicyChange = ({ action }: Pick<Entry, 'action'>) => kinds.policy.test(action);

/** Those that the filter leaves, of the ones that were read. */
export const shown = computed(() => {
  const text = search.value.trim().toLowerCase();
  return entries.value?.filter((entry) => {
    const isOfKind = kind.value === 'all' || kinds[kind.value].test(entry.action);
    return isOfKind && (text === '' || textOf(entry).includes(text));
  });
});

function textOf({ number, action, actor, reason, changes: changed }: Entry): string {
  const parts = [`#${number}`, words.actions[action], actor?.name, reason, ...changed.map(words.change)];
  return parts.join(' ').toLowerCase();
}

let after: string | null = null;

/** Reads the newest entries now, and whenever something has changed; until what it returns is called. */
export function watchHistory(): () => void {
  return effect(() => {
    const organizationId = membership.value?.organizationId;
    void changes.value;
    if (organizationId === undefined || !can('READ_REVISIONS')) return;
    after = null;
    void readMore(organizationId).catch(failed);
  });
}

/** Reads the next page, behind what is there; the first page replaces what was there. */
export async function readMore(organizationId = membership.value?.organizationId ?? ''): Promise<void> {
  const asked = after;
  const { organization } = await ask(Revisions, { organizationId, after: asked });
  const page = organization?.revisions;
  if (!page || asked !== after) return;
  const nodes = page.edges.map(({ node }) => node);
  entries.value = asked === null ? nodes : [...(entries.value ?? []), ...nodes];
  totalCount.value = page.totalCount;
  after = page.pageInfo.endCursor;
}
