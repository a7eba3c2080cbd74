import { ApiKeys, Members, Teams } from '../generated/operations.ts';
import type { ApiKeysQuery, MembersQuery, TeamsQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { can } from './caller.ts';
import { createList } from './list.ts';

export type Member = NonNullable<MembersQuery['organization']>['members']['edges'][number]['node'];
type Team = NonNullable<TeamsQuery['organization']>['teams']['edges'][number]['node'];
export type ApiKey = NonNullable<NonNullable<ApiKeysQuery['organization']>['apiKeys']>['edges'][number]['node'];

const memberList = createList<Member>(async (page, stop) => (await ask(Members, page, stop)).organization?.members);
const teamList = createList<Team>(async (page, stop) => (await ask(Teams, page, stop)).organization?.teams);
const apiKeyList = createList<ApiKey>(
  async (page, stop) => (await ask(ApiKeys, page, stop)).organization?.apiKeys,
  () => can('MANAGE_API_KEYS'),
);

export const { nodes: members, totalCount: memberCount } = memberList;
export const { nodes: teams } = teamList;
export const { nodes: apiKeys } = apiKeyList;

/** Reads members, teams and API keys whenever the organization or anything of it changes. */
export function watchPeople(): void {
  for (const { watch } of [memberList, teamList, apiKeyList]) watch();
}
