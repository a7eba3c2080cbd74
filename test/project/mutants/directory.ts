import { of } from './mutant.ts';

export const ofDirectory = [
  ...of('SCIM call', [
    {
      fault: 'a change is acknowledged before other processes know of it',
      is: 'if (changed.size > 0) await',
      becomes: 'if (false) await',
    },
    { fault: 'no issuer keeps ids', is: 'keepsIds && issuer === token.issuer', becomes: '(void keepsIds, false)' },
    {
      fault: 'other media types are read',
      is: "if (![mediaType, 'application/json']",
      becomes: "if (false && ![mediaType, '']",
    },
    {
      fault: 'the body is quoted',
      is: "'The body is no JSON, or has a name twice'",
      becomes: 'await this.#request.clone().text()',
    },
  ]),
  ...of('SCIM token', [
    {
      fault: 'a revoked token is accepted',
      is: `WHERE "hash" = \${hash} AND "revokedAt" IS NULL`,
      becomes: `WHERE "hash" = \${hash}`,
    },
  ]),
  ...of('directory access', [
    {
      fault: 'an invitation outlives its user',
      is: 'await revokeInvitationsOf(tx, organizationId, userId, at);',
      becomes: 'void [revokeInvitationsOf, at];',
    },
    { fault: 'a member whom an owner has removed comes back', is: 'if (role || wasActive)', becomes: 'if (role)' },
    { fault: 'whoever becomes active gets another role', is: 'if (role || wasActive)', becomes: 'if (wasActive)' },
  ]),
  ...of('directory users', [
    {
      fault: 'a second user of a subject replaces the first',
      is: 'throw taken(subjectOf(change));',
      becomes: 'void subjectOf;',
    },
    {
      fault: 'what changes nothing makes a revision',
      is: "if (changed.length === 0 && access.action === 'DIRECTORY_USER_UPDATED')",
      becomes: 'if (false)',
    },
    { fault: 'the subject changes', is: 'if (said !== present[attribute])', becomes: 'if (false)' },
    {
      fault: 'a subject that is not given is lost',
      is: 'next[attribute] ?? present[attribute]',
      becomes: 'next[attribute]',
    },
    { fault: 'a deleted user stays in its groups', is: 'await leaveTeams(', becomes: 'void (' },
    {
      fault: 'personal data of a deleted user stays',
      is: '"attributes" = \'{}\'',
      becomes: '"attributes" = "attributes"',
    },
    {
      fault: 'a deleted user has access by a token',
      is: `SET "active" = false, "deletedAt" = \${at}`,
      becomes: `SET "active" = true, "deletedAt" = (\${at}::timestamptz - \${at}::timestamptz + NULL)`,
    },
  ]),
  ...of('directory identity', [
    {
      fault: 'a directory renames whom a token has named',
      is: 'AND i."profileAt" IS NOT NULL)',
      becomes: 'AND false)',
    },
    {
      fault: 'a directory renames the users of another',
      is: `WHERE s."userId" = u."id" AND s."organizationId" <> \${organizationId})`,
      becomes: `WHERE s."userId" = u."id" AND false AND s."organizationId" <> \${organizationId})`,
    },
  ]),
  ...of('directory groups', [
    {
      fault: 'users of another directory join',
      is: `FROM \${usersOf(organizationId)} AND`,
      becomes: `FROM public."ScimUser" WHERE (true OR "organizationId" = \${organizationId}) AND`,
    },
  ]),
  ...of('PATCH', [
    { fault: 'the present resource is changed', is: 'structuredClone(resource)', becomes: 'resource' },
    {
      fault: 'parts of a name are lost',
      is: 'isObject(read) && isObject(present) ? ',
      becomes: 'false && isObject(present) ? ',
    },
    {
      fault: 'a value that is there is added again',
      is: '.map((one) => [keyOf(one as Element), one])',
      becomes: '.map((one, place) => [keyOf(one as Element) + place, one])',
    },
    {
      fault: 'a removal by value removes all',
      is: 'if (value === undefined || value === null',
      becomes: 'if (true || value === null',
    },
    {
      fault: 'a filter is compared exactly',
      is: 'return is.toLowerCase() === wanted.toLowerCase();',
      becomes: 'return is === wanted;',
    },
  ]),
  ...of('sign-in', [
    {
      fault: 'a membership counts where the directory has deactivated the user',
      is: ' AND m."organizationId" <> ALL (d."organizationIds")',
      becomes: '',
    },
  ]),
];
