import { authorize } from '../../auth/permissions.ts';
import type { ScimSubject as SubjectName } from '../../database/generated/prisma/enums.ts';
import type { ScimToken as ScimTokenShape } from '../../domain/directory/scim-token.ts';
import { findUser } from '../belonging.ts';
import { builder } from '../builder.ts';
import { User } from '../organizations/user.ts';

export const ScimSubject = builder.enumType('ScimSubject', {
  description: 'The attribute of a SCIM user that is the subject of its tokens.',
  values: {
    EXTERNAL_ID: { description: '`externalId`.' },
    USER_NAME: { description: '`userName`.' },
  } satisfies Record<SubjectName, { description: string }>,
});

export const ScimToken = builder.objectRef<ScimTokenShape>('ScimToken').implement({
  description:
    "A directory's access to one organization, whose users and teams it keeps by SCIM, and to nothing else. Visible to owners.",
  visible: ({ organizationId }, { viewer }) => authorize(viewer, 'manageDirectory', organizationId),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: `sct_…`. It is the actor of the changes that the directory makes.' }),
    organizationId: t.exposeID('organizationId', { description: 'The id of the organization.' }),
    name: t.exposeString('name', { description: 'A name for people.' }),
    issuer: t.exposeString('issuer', { description: 'The issuer whose subjects the users of the directory are.' }),
    subjectAttribute: t.field({
      type: ScimSubject,
      description: 'The attribute of a user that is its subject.',
      resolve: ({ subjectAttribute }) => subjectAttribute,
    }),
    last4: t.exposeString('last4', { description: 'The last four characters of its secret.' }),
    createdBy: t.field({
      type: User,
      description: 'The user who created it.',
      resolve: ({ createdById }, _args, context) => findUser(createdById, context),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null if it was not.',
    }),
  }),
});

builder.prismaObjectField('Organization', 'scimTokens', (t) =>
  t.field({
    type: [ScimToken],
    // A viewer who may not read them gets null here, and can still read the rest of the organization.
    nullable: true,
    description: 'The tokens of its directories that are not revoked, newest first. For owners.',
    authScopes: ({ id }) => ({ manageDirectory: id }),
    resolve: ({ id }, _args, { scimTokens }) => scimTokens.load(id),
  }),
);
