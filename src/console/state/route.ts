import { computed, signal } from '@preact/signals';

export const tabs = ['models', 'review', 'people', 'history', 'use'] as const;
export type Tab = (typeof tabs)[number];

interface Route {
  organizationId: string | undefined;
  tab: Tab;
  /** What of the tab is shown, as a member (`usr_…`) or a revision. */
  detail: string | undefined;
}

/** The address of a page: `#/org_…/models`. */
const route = signal<Route>(routeOf(location.hash));
addEventListener('hashchange', () => {
  route.value = routeOf(location.hash);
});

export const organizationId = computed(() => route.value.organizationId);
export const tab = computed(() => route.value.tab);
export const detail = computed(() => route.value.detail);

/** The address of a tab of the organization that is shown, or of something in it. */
export function hrefOf(name: Tab, shown?: string): string {
  return `#/${[organizationId.value ?? '', name, ...(shown === undefined ? [] : [shown])].map(encodeURIComponent).join('/')}`;
}

/** Shows an organization. The address of none is replaced: nobody goes back to it. */
export function showOrganization(id: string): void {
  const next = `#/${encodeURIComponent(id)}/${tab.value}`;
  if (organizationId.value === undefined) history.replaceState(null, '', next);
  else history.pushState(null, '', next);
  route.value = routeOf(next);
}

function routeOf(hash: string): Route {
  const [id = '', name = '', shown] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  return {
    organizationId: id === '' ? undefined : id,
    tab: tabs.find((known) => known === name) ?? 'models',
    detail: shown === '' ? undefined : shown,
  };
}

/** What is no percent encoding is left as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
