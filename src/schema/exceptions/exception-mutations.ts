import { may } from '../../auth/permissions.ts';
import type { Context } from '../../context.ts';
import { grantModelException, requestModelException } from '../../domain/exceptions/exception-creation.ts';
import {
  decideModelException,
  revokeModelException,
  withdrawModelException,
} from '../../domain/exceptions/exception-decision.ts';
import type { ExceptionsChange } from '../../domain/exceptions/exception-input.ts';
import {
  ForbiddenError,
  NotFoundError,
  RevisionConflictError,
  UnauthenticatedError,
  ValidationError,
} from '../../errors/base.ts';
import { ExceptionStateError } from '../../errors/models.ts';
import { builder } from '../builder.ts';
import { UserErrorInterface } from '../errors/user-error.ts';
import { ModelException, ModelExceptionState } from './exception.ts';

builder.objectType(ExceptionStateError, {
  name: 'ExceptionStateError',
  description: 'The exception was decided before, was revoked, or has ended. Nothing was changed.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    state: t.expose('state', { type: ModelExceptionState, description: 'The state that it is in.' }),
  }),
});

const errorTypes = [RevisionConflictError, ValidationError, ForbiddenError, UnauthenticatedError];
const decisionErrors = [ExceptionStateError, NotFoundError, ...errorTypes];

const descriptions = {
  organizationId: 'The id of the organization.',
  exceptionId: 'The id of the exception.',
  models: 'As in `disabledModels`. One model at least, and 250 at most, unless the service is set up otherwise.',
  until:
    'When it ends. In the future, and within 90 days from now, unless the service is set up otherwise; checked again when a request is granted.',
  reason: 'Why, in up to 500 characters. It is on the exception, and in the history.',
  why: 'Why, for the history: up to 500 characters.',
  expectedRevision: 'Refuses the change if the organization is at another revision than this.',
};

function changeOf(organizationId: string, { actor, viewer, catalog, limits, now }: Context): ExceptionsChange {
  return { organizationId, actor: actor(), role: viewer.memberships.get(organizationId), catalog, limits, now };
}

builder.mutationFields((t) => ({
  requestModelException: t.fieldWithInput({
    type: ModelException,
    description:
      'Requests that the caller may use models until a moment, though the policy does not allow them. It has no effect until an owner or admin grants it. For every member; no API key may.',
    errors: {
      types: errorTypes,
      union: { name: 'RequestModelExceptionResult', description: 'The request, or why there is none.' },
    },
    typeOptions: { name: 'RequestModelExceptionInput', description: 'An exception to ask for.' },
    argOptions: { description: 'The models, until when, and why.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      subjectId: t.input.id({
        description: 'Absent: the caller. Else its role, or a team that it is in.',
      }),
      models: t.input.stringList({ required: true, description: descriptions.models }),
      until: t.input.field({ type: 'DateTime', required: true, description: descriptions.until }),
      reason: t.input.string({ required: true, description: descriptions.reason }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input }) => ({ requestExceptions: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...input } }, context) =>
      requestModelException(context.database(), changeOf(organizationId, context), input),
  }),

  grantModelException: t.fieldWithInput({
    type: ModelException,
    description:
      'Grants an exception unasked: its subject may use the models until a moment, though the policy does not allow them. ' +
      'Nobody grants one for itself, its role or a team that it is in, unless the organization has no other owner or admin. For owners and admins.',
    errors: {
      types: errorTypes,
      union: { name: 'GrantModelExceptionResult', description: 'The exception, or why there is none.' },
    },
    typeOptions: { name: 'GrantModelExceptionInput', description: 'An exception to grant.' },
    argOptions: { description: 'The subject, the models, until when, and why.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      subjectId: t.input.id({
        required: true,
        description:
          'Whom it is for. A member (`usr_…`), a team (`team_…`), a role (`role_owner`, `role_admin`, `role_member`) or an API key (`api_…`).',
      }),
      models: t.input.stringList({ required: true, description: descriptions.models }),
      until: t.input.field({ type: 'DateTime', required: true, description: descriptions.until }),
      reason: t.input.string({ required: true, description: descriptions.reason }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input }) => ({ manageExceptions: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...input } }, context) =>
      grantModelException(context.database(), changeOf(organizationId, context), input),
  }),

  decideModelException: t.fieldWithInput({
    type: ModelException,
    description:
      'Grants or denies a requested exception. Nobody grants one for itself, its role or a team that it is in, unless the organization has no other owner or admin. For owners and admins.',
    errors: {
      types: decisionErrors,
      union: {
        name: 'DecideModelExceptionResult',
        description: 'The exception after the decision, or why there was none.',
      },
    },
    typeOptions: { name: 'DecideModelExceptionInput', description: 'A decision on a requested exception.' },
    argOptions: { description: 'The exception and the decision.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      exceptionId: t.input.id({ required: true, description: descriptions.exceptionId }),
      grant: t.input.boolean({ required: true, description: 'Else it is denied.' }),
      until: t.input.field({
        type: 'DateTime',
        description: 'Another end than was requested. For a grant alone; checked like that one.',
      }),
      reason: t.input.string({ description: descriptions.why }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input }) => ({ manageExceptions: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...input } }, context) =>
      decideModelException(context.database(), changeOf(organizationId, context), input),
  }),

  revokeModelException: t.fieldWithInput({
    type: ModelException,
    description:
      'Revokes an exception that has not ended, or a request that nobody has decided. For owners and admins; members take back requests of their own.',
    errors: {
      types: decisionErrors,
      union: {
        name: 'RevokeModelExceptionResult',
        description: 'The exception after the change, or why there was none.',
      },
    },
    typeOptions: { name: 'RevokeModelExceptionInput', description: 'An exception to revoke.' },
    argOptions: { description: 'The exception.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      exceptionId: t.input.id({ required: true, description: descriptions.exceptionId }),
      reason: t.input.string({ description: descriptions.why }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input }) => ({ requestExceptions: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...input } }, context) => {
      const isManager = may(context.viewer, 'manageExceptions', organizationId);
      const revoke = isManager ? revokeModelException : withdrawModelException;
      return revoke(context.database(), changeOf(organizationId, context), input);
    },
  }),
}));
