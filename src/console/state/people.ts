import { effect, signal } from '@preact/signals';
import { ApiKeys, Members, Teams } from '../generated/operations.ts';
import type { ApiKeysQuery, MembersQuery, TeamsQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { readPages } from '../graph/pages.ts';
import { can, membership } from './caller.ts';
import { failed } from './notice.ts';
import { changes } from './revision.ts';

export type Member = NonNullable<MembersQuery['organization']>['members']['edges'][number]['node'];
export type Team = NonNullable<TeamsQuery['organization']>['teams']['edges'][number]['node'];

export type ApiKey = NonNullable<NonNullable<ApiKeysQuery['organization']>['apiKeys']>['edges'][number]['node'];

/** Undefined until the first page is there. */
export const members = signal<Member[] | undefined>();
export const memberCount = signal(0);
export const teams = signal<Team[] | undefined>();
/** Undefined for those who may not manage them, too. */
export const apiKeys = signal<ApiKey[] | undefined>();

/** Reads members, teams and API keys whenever the organization or anything of it changes. */
export function watchPeople(): void {
  let shown: string | undefined;
  effect(() => {
    const organizationId = membership.value?.organizationId;
    void changes.value;
    if (organizationId !== shown) {
      members.value = undefined;
      teams.value = undefined;
      apiKeys.value = undefined;
    }
    shown = organizationId;
    if (organizationId === undefined) return;
    const stop = new AbortController();
    const readMembers = async (after: string | null) =>
      (await ask(Members, { organizationId, after }, stop.signal)).organization?.members;
    const readTeams = async (after: string | null) =>
      (await ask(Teams, { organizationId, after }, stop.signal)).organization?.teams;
    void readPages(readMembers, (nodes, total) => {
      if (stop.signal.aborted) return;
      memberCount.value = total;
      const former = members.value ?? [];
      if (nodes.length >= Math.min(former.length, total)) members.value = nodes;
    }).catch(failed);
    void readPages(readTeams, (nodes) => {
      if (!stop.signal.aborted) teams.value = nodes;
    }).catch(failed);
    const readKeys = async (after: string | null) =>
      (await ask(ApiKeys, { organizationId, after }, stop.signal)).organization?.apiKeys;
    if (can('MANAGE_API_KEYS')) {
      void readPages(readKeys, (nodes) => {
        if (!stop.signal.aborted) apiKeys.value = nodes;
      }).catch(failed);
    }
    return () => stop.abort();
  });
}
