import type { Hono } from 'hono';
import { NotFoundError } from '../errors/base.ts';
import {
  type Attribute,
  enterpriseAttributes,
  enterpriseSchema,
  groupAttributes,
  groupSchema,
  userAttributes,
  userSchema,
} from './attributes.ts';
import type { ScimTypes } from './call.ts';
import { answer, listOf } from './messages.ts';
import { readPoints } from './points.ts';

const core = 'urn:ietf:params:scim:schemas:core:2.0';

const resourceTypes = [
  {
    schemas: [`${core}:ResourceType`],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'A user of the directory.',
    schema: userSchema,
    schemaExtensions: [{ schema: enterpriseSchema, required: false }],
    meta: { resourceType: 'ResourceType', location: '/scim/v2/ResourceTypes/User' },
  },
  {
    schemas: [`${core}:ResourceType`],
    id: 'Group',
    name: 'Group',
    endpoint: '/Groups',
    description: 'A group of the directory.',
    schema: groupSchema,
    schemaExtensions: [],
    meta: { resourceType: 'ResourceType', location: '/scim/v2/ResourceTypes/Group' },
  },
];

const schemas = [
  schemaOf(userSchema, 'User', 'A user of the directory.', userAttributes),
  schemaOf(enterpriseSchema, 'EnterpriseUser', 'What the directory says of an employee.', enterpriseAttributes),
  schemaOf(groupSchema, 'Group', 'A group of the directory.', groupAttributes),
];

function schemaOf(id: string, name: string, description: string, attributes: readonly Attribute[]) {
  return {
    schemas: [`${core}:Schema`],
    id,
    name,
    description,
    attributes: attributes.map(describe),
    meta: { resourceType: 'Schema', location: `/scim/v2/Schemas/${id}` },
  };
}

function describe(attribute: Attribute): object {
  const { name, type, description, multiValued, sub, required, caseExact, uniqueness, mutability } = attribute;
  return {
    name,
    type,
    multiValued: multiValued ?? false,
    description,
    required: required ?? false,
    ...(type === 'string' ? { caseExact: caseExact ?? false } : {}),
    mutability: mutability ?? 'readWrite',
    returned: mutability === 'writeOnly' ? 'never' : 'default',
    uniqueness: uniqueness ?? 'none',
    ...(sub ? { subAttributes: sub.map(describe) } : {}),
  };
}

/** What a client may ask of the service itself: what it supports, and what its resources are made of. */
export function defineDiscovery(app: Hono<ScimTypes>): void {
  app.get('/ServiceProviderConfig', async ({ var: { call } }) => {
    await call.spend(readPoints);
    return answer({
      schemas: [`${core}:ServiceProviderConfig`],
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: call.limits.pageSize },
      changePassword: { supported: false },
      sort: { supported: false },
      etag: { supported: true },
      authenticationSchemes: [
        {
          type: 'oauthbearertoken',
          name: 'SCIM token',
          description: 'A token that an owner of the organization has created.',
        },
      ],
      meta: { resourceType: 'ServiceProviderConfig', location: '/scim/v2/ServiceProviderConfig' },
    });
  });
  for (const [path, all] of [
    ['/ResourceTypes', resourceTypes],
    ['/Schemas', schemas],
  ] as const) {
    app.get(path, async ({ var: { call } }) => {
      await call.spend(readPoints);
      return listOf(all, { total: all.length, startIndex: 1 });
    });
    app.get(`${path}/:id`, async ({ req, var: { call } }) => {
      await call.spend(readPoints);
      const found = all.find(({ id }) => id === req.param('id'));
      if (!found) throw new NotFoundError();
      return answer(found);
    });
  }
}
