import {
  type ErrorCode as Code,
  errorCodes,
  ForbiddenError,
  type ValidationIssue as Issue,
  NotFoundError,
  RevisionConflictError,
  UnauthenticatedError,
  type UserError,
  ValidationError,
} from '../../errors/base.ts';
import {
  DefaultConfigError,
  DefaultModelDisabledError,
  InvalidProviderKeyError,
  InvalidProviderSlugError,
  ModelNotAllowedError,
  UnknownModelError,
} from '../../errors/models.ts';
import { builder } from '../builder.ts';
import { ModelAccess, ModelAccessReason } from '../models/model-access.ts';

const descriptions: Record<Code, string> = {
  AUTHENTICATION_REQUIRED: 'The caller is not authenticated, or its credentials are invalid.',
  INSUFFICIENT_PERMISSIONS: 'The role of the caller, or the scopes of its API key, do not permit this.',
  ORGANIZATION_ACCESS_DENIED: 'The caller is no member of the organization, or there is no such organization.',
  NOT_FOUND: 'There is no such object, or none that the caller may see.',
  VALIDATION_ERROR: 'The request is not well-formed; nothing was changed.',
  INVALID_PROVIDER_SLUG: 'A provider slug is unknown.',
  UNKNOWN_MODEL: 'The catalog has no model with this key.',
  ANSWER_TOO_LARGE: 'The answer would exceed the size limit; select less.',
  MODEL_NOT_ALLOWED: "The organization's settings, or the model's retirement, do not allow the model.",
  DEFAULT_MODEL_DISABLED: 'After the change the default model would not be allowed.',
  DEFAULT_CONFIG:
    'The default configuration cannot be disabled; one that is disabled, not allowed or not of a chat model cannot be the default.',
  INVALID_PROVIDER_KEY: 'The provider key cannot be used here.',
  PROVIDER_KEY_IN_USE: 'Configurations use the provider key, and `detach` was not set.',
  EXCEPTION_STATE: 'The exception was decided before, was revoked, or has ended.',
  EXTERNAL_TEAM: 'The team is kept by the identity provider, and is changed there.',
  REVISION_CONFLICT: 'The organization is at another revision than the expected one.',
  IDEMPOTENCY_KEY_REUSED:
    'The `Idempotency-Key` was used for another request, or for one whose answer can no longer be replayed.',
  IDEMPOTENCY_IN_PROGRESS: 'A request with this `Idempotency-Key` is in progress; try again shortly.',
  RATE_LIMITED: 'Too many requests; try again later.',
  SERVICE_UNAVAILABLE: 'The service cannot answer right now; try again shortly.',
  INTERNAL_SERVER_ERROR: 'An internal error. The log of the service has the details, under the trace id.',
};

export const ErrorCode = builder.enumType('ModelgateErrorCode', {
  description: 'What went wrong, for a program. The same codes are in `extensions.code` of top-level errors.',
  values: Object.fromEntries(
    Object.keys(errorCodes).map((code) => [code, { description: descriptions[code as Code] }]),
  ) as Record<Code, { description: string }>,
});

export const UserErrorInterface = builder.interfaceRef<UserError>('ModelgateError').implement({
  description: 'An error that the caller can act on.',
  fields: (t) => ({
    code: t.field({ type: ErrorCode, description: 'What went wrong, for a program.', resolve: ({ code }) => code }),
    message: t.exposeString('message', { description: 'What went wrong, for a person. The wording may change.' }),
  }),
});

export const ValidationIssue = builder.objectRef<Issue>('ModelgateValidationIssue').implement({
  description: 'One fault of an input.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it is, as a dotted path: `disabledModels.3`.' }),
    message: t.exposeString('message', { description: 'What is wrong, for a person.' }),
    line: t.int({
      nullable: true,
      description: 'The line of a document, from 1; null where the input is none.',
      resolve: ({ line }) => line ?? null,
    }),
    column: t.int({
      nullable: true,
      description: 'The column in that line, from 1; null where the input is no document.',
      resolve: ({ column }) => column ?? null,
    }),
  }),
});

builder.objectType(UnauthenticatedError, {
  name: 'ModelgateUnauthenticatedError',
  description: 'The caller is not authenticated.',
  interfaces: [UserErrorInterface],
});

builder.objectType(ForbiddenError, {
  name: 'ModelgateForbiddenError',
  description: 'The caller may not do this. Nothing was changed.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    organizationId: t.exposeID('organizationId', {
      nullable: true,
      description: 'The id of the organization, as it was given.',
    }),
  }),
});

builder.objectType(ValidationError, {
  name: 'ModelgateValidationError',
  description: 'The input is not well-formed. Nothing was changed.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    issues: t.field({
      type: [ValidationIssue],
      description: 'What is wrong with the input: the first ten faults.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
});

builder.objectType(InvalidProviderSlugError, {
  name: 'InvalidProviderSlugError',
  description: 'Some provider slugs are not known. Nothing was changed.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    invalidProviders: t.stringList({
      description: 'The slugs that are not known, in the order given.',
      resolve: ({ invalidProviders }) => [...invalidProviders],
    }),
    validProviders: t.stringList({
      description: 'All known slugs, sorted.',
      resolve: ({ validProviders }) => [...validProviders],
    }),
  }),
});

builder.objectType(UnknownModelError, {
  name: 'UnknownModelError',
  description: 'The catalog has no such model. Nothing was changed.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    modelKey: t.exposeString('modelKey', { description: 'The key as it was given.' }),
  }),
});

builder.objectType(DefaultModelDisabledError, {
  name: 'DefaultModelDisabledError',
  description: 'After the change the default model would not be allowed. Nothing was changed.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    modelKey: t.exposeString('modelKey', { description: "The default model's key." }),
    reasons: t.field({
      type: [ModelAccessReason],
      description: 'Why the model would not be allowed, most important first.',
      resolve: ({ reasons }) => [...reasons],
    }),
  }),
});

builder.objectType(ModelNotAllowedError, {
  name: 'ModelNotAllowedError',
  description: 'The model may not be used now. Nothing was changed.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    modelKey: t.exposeString('modelKey', { description: "The model's key." }),
    reasons: t.field({
      type: [ModelAccessReason],
      description: 'Why it is not allowed, most important first.',
      resolve: ({ access }) => [...access.reasons],
    }),
    access: t.expose('access', { type: ModelAccess, description: 'The decision.' }),
  }),
});

builder.objectType(DefaultConfigError, {
  name: 'DefaultConfigError',
  description:
    'The default configuration cannot be disabled, and one that cannot be used cannot become the default. Nothing was changed.',
  interfaces: [UserErrorInterface],
});

builder.objectType(InvalidProviderKeyError, {
  name: 'InvalidProviderKeyError',
  description: 'No active provider key of this organization and provider has this id. Nothing was changed.',
  interfaces: [UserErrorInterface],
});

builder.objectType(NotFoundError, {
  name: 'ModelgateNotFoundError',
  description: 'There is no such object, or none that the caller may see. Nothing was changed.',
  interfaces: [UserErrorInterface],
});

builder.objectType(RevisionConflictError, {
  name: 'RevisionConflictError',
  description: 'The organization is at another revision than the expected one. Nothing was changed.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    expectedRevision: t.exposeInt('expectedRevision', { description: 'The revision that the caller expected.' }),
    currentRevision: t.exposeInt('currentRevision', { description: 'The revision that the organization is at.' }),
  }),
});
