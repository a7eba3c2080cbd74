import type { Hono } from 'hono';
import {
  type DirectoryUser,
  type DirectoryUserInput,
  findDirectoryUser,
  findDirectoryUsers,
  type UserCondition,
} from '../domain/directory/directory-user.ts';
import {
  changeDirectoryUser,
  createDirectoryUser,
  deleteDirectoryUser,
} from '../domain/directory/directory-user-change.ts';
import { NotFoundError } from '../errors/base.ts';
import { enterpriseSchema, userResource, userSchema } from './attributes.ts';
import type { ScimTypes } from './call.ts';
import type { Comparison } from './filter.ts';
import { project, readListQuery, unsupported } from './list-query.ts';
import { listOf } from './messages.ts';
import { readOperations } from './patch-operations.ts';
import { patchResource } from './patch-resource.ts';
import { changePoints, readPoints } from './points.ts';
import { type Resource, readResource, unfit } from './read-resource.ts';
import { answerResource, metaOf } from './resource-answer.ts';

const maxNameLength = 250;
const maxAttributesLength = 16_384;

/** `/Users`: users of the directory, who are members of the organization while they are active. */
export function defineUsers(app: Hono<ScimTypes>): void {
  app.get('/Users', async (context) => {
    const { call } = context.var;
    const query = context.req.query();
    const { comparisons, startIndex, offset, limit } = readListQuery(query, call.limits.pageSize);
    await call.spend(readPoints + limit);
    const conditions = comparisons.map(conditionOf);
    const found = await findDirectoryUsers(call.db, call.token.organizationId, { conditions, offset, limit });
    return listOf(
      found.users.map((user) => project(resourceOf(user), query)),
      { total: found.total, startIndex },
    );
  });
  app.post('/Users', async (context) => {
    const { call } = context.var;
    const input = inputOf(readResource(userResource, await call.body()));
    const user = await call.change(changePoints, (db, change) => createDirectoryUser(db, change, input));
    return answerResource(context, resourceOf(user), 201);
  });
  app.get('/Users/:id', async (context) => {
    const { call } = context.var;
    await call.spend(readPoints);
    const user = await findDirectoryUser(call.db, call.token.organizationId, context.req.param('id'));
    if (!user) throw new NotFoundError('There is no such user');
    return answerResource(context, resourceOf(user));
  });
  app.put('/Users/:id', async (context) => {
    const { call } = context.var;
    const given = readResource(userResource, await call.body());
    // What a directory does not say of access stays: only an explicit false takes it away.
    const revise = ({ active }: DirectoryUser) => inputOf({ active, ...given });
    const user = await call.change(changePoints, (db, change) =>
      changeDirectoryUser(db, change, context.req.param('id'), revise),
    );
    return answerResource(context, resourceOf(user));
  });
  app.patch('/Users/:id', async (context) => {
    const { call } = context.var;
    const operations = readOperations(userResource, await call.body());
    const revise = (present: DirectoryUser) => {
      const patched = readResource(userResource, patchResource(storedIn(present), operations));
      // As in a PUT: one whose `active` is removed, or set to null, must not get access by it.
      return inputOf({ active: present.active, ...patched });
    };
    const user = await call.change(changePoints + operations.length, (db, change) =>
      changeDirectoryUser(db, change, context.req.param('id'), revise),
    );
    return answerResource(context, resourceOf(user));
  });
  app.delete('/Users/:id', async (context) => {
    await context.var.call.change(changePoints, (db, change) =>
      deleteDirectoryUser(db, change, context.req.param('id')),
    );
    return new Response(null, { status: 204 });
  });
}

/** The attributes that the directory has given. */
function storedIn({ userName, externalId, active, attributes }: DirectoryUser): Resource {
  return { userName, ...(externalId === null ? {} : { externalId }), active, ...(attributes as Resource) };
}

function resourceOf(user: DirectoryUser) {
  const stored = storedIn(user);
  return {
    schemas: enterpriseSchema in stored ? [userSchema, enterpriseSchema] : [userSchema],
    id: user.userId,
    ...stored,
    meta: metaOf('User', user.userId, user),
  };
}

/** @throws ScimError */
function inputOf({ userName, externalId = null, active = true, ...attributes }: Resource): DirectoryUserInput {
  if (typeof userName !== 'string' || userName.length > maxNameLength) {
    throw unfit('userName', `is required, and must not be longer than ${maxNameLength} characters`);
  }
  if (typeof externalId === 'string' && externalId.length > maxNameLength) {
    throw unfit('externalId', `must not be longer than ${maxNameLength} characters`);
  }
  if (JSON.stringify(attributes).length > maxAttributesLength) {
    throw unfit('The resource', `must not have more than ${maxAttributesLength} characters`);
  }
  return {
    userName,
    externalId: externalId as string | null,
    active: active as boolean,
    attributes: attributes as DirectoryUserInput['attributes'],
  };
}

const texts = { id: 'id', externalid: 'externalId', username: 'userName', displayname: 'displayName' } as const;

function conditionOf(comparison: Comparison): UserCondition {
  const { within, value } = comparison;
  const attribute = comparison.attribute.toLowerCase();
  if (typeof value === 'boolean') {
    if (attribute === 'active' && within.length === 0) return { attribute, value };
    throw unsupported(comparison);
  }
  const name = Object.hasOwn(texts, attribute) ? texts[attribute as keyof typeof texts] : undefined;
  if (name && within.length === 0) return { attribute: name, value };
  const [kind, ...others] = within;
  const isOfKind = kind === undefined || (kind.attribute.toLowerCase() === 'type' && typeof kind.value === 'string');
  if (/^emails(\.value)?$/.test(attribute) && others.length === 0 && isOfKind) {
    return { attribute: 'email', value, type: kind && String(kind.value) };
  }
  throw unsupported(comparison);
}
