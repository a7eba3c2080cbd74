import { type CreatedScimToken, createScimToken, revokeScimToken } from '../../domain/directory/scim-token-change.ts';
import { ForbiddenError, NotFoundError, UnauthenticatedError, ValidationError } from '../../errors/base.ts';
import { builder } from '../builder.ts';
import { ScimSubject, ScimToken } from './scim-token.ts';

const CreateScimTokenPayload = builder.objectRef<CreatedScimToken>('CreateScimTokenPayload').implement({
  description: 'A new SCIM token and its secret.',
  fields: (t) => ({
    scimToken: t.field({ type: ScimToken, description: 'The token.', resolve: ({ scimToken }) => scimToken }),
    secret: t.exposeString('secret', {
      description:
        'The secret for `Authorization: Bearer`, below `/scim/v2`. It is shown only once: the service stores nothing but its hash.',
    }),
  }),
});

builder.mutationField('createScimToken', (t) =>
  t.fieldWithInput({
    type: CreateScimTokenPayload,
    description:
      'Lets a directory keep the users and teams of an organization by SCIM, below `/scim/v2`. For owners; no API key may.',
    errors: {
      types: [ValidationError, ForbiddenError, UnauthenticatedError],
      union: { name: 'CreateScimTokenResult', description: 'The new token and its secret, or why there is none.' },
    },
    typeOptions: { name: 'CreateScimTokenInput', description: 'Access for a directory.' },
    argOptions: { description: 'The organization, and whose users the directory has.' },
    input: {
      organizationId: t.input.id({ required: true, description: 'The id of the organization.' }),
      name: t.input.string({ required: true, description: 'A name for people, of 1 to 100 characters.' }),
      issuer: t.input.string({
        description: 'The issuer of the tokens that its users sign in with; absent: the first one of the service.',
      }),
      subjectAttribute: t.input.field({
        type: ScimSubject,
        required: true,
        defaultValue: 'EXTERNAL_ID',
        description: 'The attribute of a user that is the subject of its tokens. It cannot be changed later.',
      }),
    },
    authScopes: (_root, { input }) => ({ manageDirectory: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...token } }, { database, actor, issuers, limits }) => {
      const accepted = issuers.map(({ issuer }) => issuer);
      return createScimToken(database(), { organizationId, actor: actor(), issuers: accepted, limits }, token);
    },
  }),
);

builder.mutationField('revokeScimToken', (t) =>
  t.fieldWithInput({
    type: ScimToken,
    description:
      'Revokes a SCIM token for good: the next request with it is refused. The users and teams that it keeps stay as they are. ' +
      'For owners; no API key may.',
    errors: {
      types: [NotFoundError, ValidationError, ForbiddenError, UnauthenticatedError],
      union: { name: 'RevokeScimTokenResult', description: 'The revoked token, or why it was not revoked.' },
    },
    typeOptions: { name: 'RevokeScimTokenInput', description: 'A SCIM token to revoke.' },
    argOptions: { description: 'The token.' },
    input: {
      organizationId: t.input.id({ required: true, description: 'The id of the organization.' }),
      scimTokenId: t.input.id({ required: true, description: 'The id of the token.' }),
    },
    authScopes: (_root, { input }) => ({ manageDirectory: input.organizationId }),
    resolve: (_root, { input: { organizationId, scimTokenId } }, { database, actor }) =>
      revokeScimToken(database(), { organizationId, actor: actor() }, scimTokenId),
  }),
);
