import type { Hono } from 'hono';
import {
  type DirectoryGroup,
  findDirectoryGroup,
  findDirectoryGroups,
  findGroupMembers,
  type GroupCondition,
  type GroupMember,
} from '../domain/directory/directory-group.ts';
import {
  changeDirectoryGroup,
  createDirectoryGroup,
  deleteDirectoryGroup,
  type GroupInput,
} from '../domain/directory/directory-group-change.ts';
import type { MembersChange } from '../domain/teams/team-members.ts';
import { NotFoundError } from '../errors/base.ts';
import { groupResource, groupSchema } from './attributes.ts';
import type { Call, ScimContext, ScimTypes } from './call.ts';
import type { Comparison } from './filter.ts';
import { isAsked, project, readListQuery, unsupported } from './list-query.ts';
import { membersAfter, membersOf, sameMembers } from './member-operations.ts';
import { listOf } from './messages.ts';
import { readOperations } from './patch-operations.ts';
import { patchResource } from './patch-resource.ts';
import { changePoints, membersPerPoint, readPoints } from './points.ts';
import { isObject, type Resource, readResource, unfit } from './read-resource.ts';
import { answerResource, metaOf } from './resource-answer.ts';

const maxNameLength = 250;

/** `/Groups`: groups of the directory, which are teams of the organization. */
export function defineGroups(app: Hono<ScimTypes>): void {
  app.get('/Groups', async (context) => {
    const { call } = context.var;
    const query = context.req.query();
    const { comparisons, startIndex, offset, limit } = readListQuery(query, call.limits.pageSize);
    await call.spend(readPoints + limit);
    const conditions = comparisons.map(conditionOf);
    const { total, groups } = await findDirectoryGroups(call.db, call.token.organizationId, {
      conditions,
      offset,
      limit,
    });
    const members = isAsked(query, 'members') ? await loadMembers(call, groups) : undefined;
    return listOf(
      groups.map((group) => project(resourceOf(group, members), query)),
      { total, startIndex },
    );
  });
  app.post('/Groups', async (context) => {
    const { call } = context.var;
    const { given, members = sameMembers } = readGroup(await call.body());
    const input = { ...inputOf(given), members };
    const group = await call.change(pointsOf(members), (db, change) => createDirectoryGroup(db, change, input));
    return answerGroup(context, group, 201);
  });
  app.get('/Groups/:id', async (context) => {
    const { call } = context.var;
    await call.spend(readPoints);
    const group = await findDirectoryGroup(call.db, call.token.organizationId, context.req.param('id'));
    if (!group) throw new NotFoundError('There is no such group');
    return answerGroup(context, group);
  });
  app.put('/Groups/:id', async (context) => {
    const { given, members = sameMembers } = readGroup(await context.var.call.body());
    return change(context, members, () => given);
  });
  app.patch('/Groups/:id', async (context) => {
    const operations = readOperations(groupResource, await context.var.call.body());
    const isOfMembers = ({ path: [{ attribute }] }: (typeof operations)[number]) => attribute.name === 'members';
    const others = operations.filter((operation) => !isOfMembers(operation));
    return change(context, membersAfter(operations.filter(isOfMembers)), (present) => patchResource(present, others));
  });
  app.delete('/Groups/:id', async (context) => {
    await context.var.call.change(changePoints, (db, change) =>
      deleteDirectoryGroup(db, change, context.req.param('id')),
    );
    return new Response(null, { status: 204 });
  });
}

/** Changes the group of the path into what `revise` makes of its attributes, and its members. */
async function change(
  context: ScimContext,
  members: MembersChange,
  revise: (present: Resource) => Resource,
): Promise<Response> {
  const id = context.req.param('id') ?? '';
  const group = await context.var.call.change(pointsOf(members), (db, change) =>
    changeDirectoryGroup(db, change, id, (present) => ({ ...inputOf(revise(storedIn(present))), members })),
  );
  return answerGroup(context, group);
}

function pointsOf({ added, removed }: MembersChange): number {
  return changePoints + added.size + removed.size;
}

/** The attributes of a group, and the members, where they are given. */
function readGroup(body: unknown): { given: Resource; members?: MembersChange } {
  if (!isObject(body)) throw unfit('The resource', 'must be an object');
  const [, members] = Object.entries(body).find(([name]) => name.toLowerCase() === 'members') ?? [];
  const withoutMembers = Object.entries(body).filter(([name]) => name.toLowerCase() !== 'members');
  const given = readResource(groupResource, Object.fromEntries(withoutMembers));
  return members === undefined ? { given } : { given, members: membersOf(members) };
}

/** @throws ScimError */
function inputOf({ displayName, externalId = null }: Resource): Omit<GroupInput, 'members'> {
  if (typeof displayName !== 'string' || displayName.length > maxNameLength) {
    throw unfit('displayName', `is required, and must not be longer than ${maxNameLength} characters`);
  }
  return { displayName, externalId: externalId as string | null };
}

async function answerGroup(context: ScimContext, group: DirectoryGroup, status = 200): Promise<Response> {
  const isWanted = isAsked(context.req.query(), 'members');
  return answerResource(
    context,
    resourceOf(group, isWanted ? await loadMembers(context.var.call, [group]) : undefined),
    status,
  );
}

async function loadMembers(call: Call, groups: readonly DirectoryGroup[]) {
  const { db, token, limits } = call;
  const ids = groups.map(({ id }) => id);
  const members = await findGroupMembers(db, token.organizationId, { ids, max: limits.teamMembers });
  // How many there are is known only now, and a change of the group is done.
  await call.charge(Math.ceil([...members.values()].flat().length / membersPerPoint));
  return members;
}

function storedIn({ name, externalId }: DirectoryGroup): Resource {
  return { displayName: name, ...(externalId === null ? {} : { externalId }) };
}

function resourceOf(group: DirectoryGroup, members: ReadonlyMap<string, readonly GroupMember[]> | undefined) {
  const shown = members
    ?.get(group.id)
    ?.map(({ userId, userName }) => ({ value: userId, display: userName, type: 'User' }));
  return {
    schemas: [groupSchema],
    id: group.id,
    ...storedIn(group),
    ...(shown ? { members: shown } : {}),
    meta: metaOf('Group', group.id, group),
  };
}

const conditions = {
  id: 'id',
  externalid: 'externalId',
  displayname: 'displayName',
  members: 'member',
  'members.value': 'member',
} as const;

function conditionOf(comparison: Comparison): GroupCondition {
  const { attribute, within, value } = comparison;
  const name = attribute.toLowerCase();
  if (typeof value !== 'string' || within.length > 0 || !Object.hasOwn(conditions, name)) throw unsupported(comparison);
  return { attribute: conditions[name as keyof typeof conditions], value };
}
