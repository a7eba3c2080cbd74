import { computed, effect, signal } from '@preact/signals';
import { Caller } from '../generated/operations.ts';
import type { CallerQuery, ModelgatePermission } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { session, ways } from '../session/session.ts';
import { failed } from './notice.ts';
import { organizationId, showOrganization } from './route.ts';

/** Who asks; undefined until that is known. */
export const caller = signal<CallerQuery['caller'] | undefined>();

export const memberships = computed(() => caller.value?.memberships ?? []);
/** The membership in the organization that is shown; undefined where there is none. */
export const membership = computed(() => memberships.value.find((one) => one.organizationId === organizationId.value));

export function can(permission: ModelgatePermission): boolean {
  return membership.value?.permissions.includes(permission) ?? false;
}

/** Whether the caller belongs to no organization, or not to the one whose address was opened. */
export const isStranger = computed(() => caller.value !== undefined && membership.value === undefined);

const isSignedIn = computed(() => session.who.value.status === 'signed-in');

/** Reads who asks whenever somebody else is signed in. */
export function watchCaller(): void {
  effect(() => {
    void ways.personas?.persona.value;
    if (isSignedIn.value) void loadCaller();
  });
  effect(() => {
    // Whoever signs out leaves nothing on the screen; whose sign-in has ended goes on later.
    if (session.who.value.status === 'signed-out') caller.value = undefined;
  });
  effect(() => {
    const [first] = memberships.value;
    if (organizationId.value === undefined && first) showOrganization(first.organizationId);
  });
}

let reading = new AbortController();

/** What was asked before is given up: whoever was signed in then may be somebody else. */
export async function loadCaller(): Promise<void> {
  reading.abort();
  reading = new AbortController();
  const { signal: stop } = reading;
  try {
    const found = await readCaller(stop);
    if (!stop.aborted) caller.value = found;
  } catch (error) {
    failed(error);
  }
}

/** Memberships of one request: those of somebody who is in a thousand organizations cost more than one may. */
const pageSize = 200;

async function readCaller(stop: AbortSignal): Promise<CallerQuery['caller']> {
  const all: CallerQuery['caller']['memberships'] = [];
  while (true) {
    const { caller: found } = await ask(Caller, { first: pageSize, after: all.at(-1)?.organizationId ?? null }, stop);
    all.push(...found.memberships);
    if (found.memberships.length < pageSize) return { ...found, memberships: all };
  }
}
