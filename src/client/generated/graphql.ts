/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The kind of a caller. */
export type CallerKind =
  /** The caller is not authenticated. */
  | 'ANONYMOUS'
  /** A service, by its API key. */
  | 'SERVICE'
  /** A person, by a token of the identity provider. */
  | 'USER';

/** A configuration to create. */
export type CreateModelConfigInput = {
  /** Refuses the change if the organization is at another revision than this. */
  expectedRevision?: number | null | undefined;
  /** Whether to make it the default of its organization, or of its user there. */
  isDefault?: boolean;
  /** Whether it is switched on. */
  isEnabled?: boolean;
  /** The provider's name of the model, an alias of it, its id or its display name. */
  modelId: string;
  /** The id of the organization. */
  organizationId: string | number;
  /** The provider's slug. */
  provider: string;
  /** The organization's own key to call with: an active one of the same provider. */
  providerKeyId?: string | number | null | undefined;
  /** Whose configuration it will be. Owners and admins may create one for the organization. */
  scope?: ModelConfigScope;
  /** What is passed on to calls: an open object. `temperature` is from 0 to 2, `maxTokens` within the output limit. A whole number beyond 2^53 - 1 is refused: write it as a string. */
  settings?: Record<string, unknown> | null | undefined;
};

/** A key at a provider. */
export type CreateProviderKeyInput = {
  /** Refuses the change if the organization is at another revision than this. */
  expectedRevision?: number | null | undefined;
  /** Whether it is switched on. */
  isActive?: boolean | null | undefined;
  /** A name for people, of 1 to 100 characters. */
  name: string;
  /** The id of the organization. */
  organizationId: string | number;
  /** The provider's slug, such as `openai`. */
  provider: string;
  /** The key as the provider issued it: 8 to 4096 visible ASCII characters. It is encrypted at once, and never shown again. */
  secret: string;
};

/** Where a default comes from. The first that may be used counts. */
export type DefaultSource =
  /** The organization's default configuration. */
  | 'ORGANIZATION_CONFIG'
  /** `defaultModelKey` of the organization's settings. */
  | 'ORGANIZATION_SETTINGS'
  /** The caller's own default configuration. */
  | 'USER_CONFIG';

/** A configuration to delete. */
export type DeleteModelConfigInput = {
  /** Refuses the change if the organization is at another revision than this. */
  expectedRevision?: number | null | undefined;
  /** The id of the configuration. */
  id: string | number;
};

/** Whose provider key a model is called with. */
export type KeyStatus =
  /** The organization has an active key of its own at the provider. */
  | 'CUSTOM'
  /** There is no key yet. */
  | 'NEEDS_SETUP'
  /** The operator of this service has a key at the provider. */
  | 'PLATFORM';

/** Why a model may not be used. */
export type ModelAccessReason =
  /** The organization disabled the model, by one of its names, by the floating name of a snapshot, or by the snapshot that a floating name points to. */
  | 'MODEL_DISABLED'
  /** The organization disabled the provider. */
  | 'PROVIDER_DISABLED'
  /** The provider's retirement date has passed. */
  | 'RETIRED'
  /** The catalog has no such model. */
  | 'UNKNOWN_MODEL';

/** A filter of configurations. All conditions must match; an absent one matches all. */
export type ModelConfigFilter = {
  /** Whether the organization may use its model now. */
  allowed?: boolean | null | undefined;
  /** Whether it is a default. */
  isDefault?: boolean | null | undefined;
  /** Whether it is switched on. */
  isEnabled?: boolean | null | undefined;
  /** Whose key calls are made with. */
  keyStatus?: KeyStatus | null | undefined;
  /** The provider's name of the model. */
  modelId?: string | null | undefined;
  /** The provider's slug. */
  provider?: string | null | undefined;
  /** Whose it is. */
  scope?: ModelConfigScope | null | undefined;
  /** Whether its model can search the web; with `isEnabled: true`, the configured search providers. */
  supportsSearch?: boolean | null | undefined;
};

/** An order of configurations. */
export type ModelConfigOrder = {
  /** The direction. */
  direction?: OrderDirection;
  /** What to order by. */
  field: ModelConfigOrderField;
};

/** What configurations can be ordered by. */
export type ModelConfigOrderField =
  /** When it was created. */
  | 'CREATED_AT'
  /** The name of its model, capitals before small letters. */
  | 'DISPLAY_NAME';

/** Whose a configuration is. */
export type ModelConfigScope =
  /** Shared by the organization; owners and admins change it. */
  | 'ORGANIZATION'
  /** A user's own; no other user can see it. */
  | 'USER';

/** A filter of models. All conditions must match; an absent one matches all. */
export type ModelFilter = {
  /** Whether the organization may use it now. */
  allowed?: boolean | null | undefined;
  /** What it is made for. */
  kind?: ModelKind | null | undefined;
  /** Its stage, from preview to retirement. */
  lifecycle?: ModelLifecycle | null | undefined;
  /** A provider's slug, such as `openai`. */
  provider?: string | null | undefined;
  /** A part of its name, key or an alias, in any case. */
  search?: string | null | undefined;
  /** Whether it reasons before it answers. */
  supportsReasoning?: boolean | null | undefined;
  /** Whether the provider lets it search the web. */
  supportsSearch?: boolean | null | undefined;
};

/** What a model is made for. */
export type ModelKind =
  /** It answers messages. Only such a model can be a default. */
  | 'CHAT'
  /** It turns text into vectors. */
  | 'EMBEDDING';

/** The stage of a model, from preview to retirement. */
export type ModelLifecycle =
  /** Generally available. */
  | 'ACTIVE'
  /** Still available; its provider advises to replace it. */
  | 'DEPRECATED'
  /** Available as a preview. */
  | 'PREVIEW'
  /** Its retirement date has passed; it may not be used. */
  | 'RETIRED';

/** What went wrong, for a program. The same codes are in `extensions.code` of top-level errors. */
export type ModelgateErrorCode =
  /** The answer would exceed the size limit; select less. */
  | 'ANSWER_TOO_LARGE'
  /** The caller is not authenticated, or its credentials are invalid. */
  | 'AUTHENTICATION_REQUIRED'
  /** The default configuration cannot be disabled; one that is disabled, not allowed or not of a chat model cannot be the default. */
  | 'DEFAULT_CONFIG'
  /** After the change the default model would not be allowed. */
  | 'DEFAULT_MODEL_DISABLED'
  /** A request with this `Idempotency-Key` is in progress; try again shortly. */
  | 'IDEMPOTENCY_IN_PROGRESS'
  /** The `Idempotency-Key` was used for another request, or for one whose answer can no longer be replayed. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The role of the caller, or the scopes of its API key, do not permit this. */
  | 'INSUFFICIENT_PERMISSIONS'
  /** An internal error. The log of the service has the details, under the trace id. */
  | 'INTERNAL_SERVER_ERROR'
  /** The provider key cannot be used here. */
  | 'INVALID_PROVIDER_KEY'
  /** A provider slug is unknown. */
  | 'INVALID_PROVIDER_SLUG'
  /** The organization's settings, or the model's retirement, do not allow the model. */
  | 'MODEL_NOT_ALLOWED'
  /** There is no such object, or none that the caller may see. */
  | 'NOT_FOUND'
  /** The caller is no member of the organization, or there is no such organization. */
  | 'ORGANIZATION_ACCESS_DENIED'
  /** Configurations use the provider key, and `detach` was not set. */
  | 'PROVIDER_KEY_IN_USE'
  /** Too many requests; try again later. */
  | 'RATE_LIMITED'
  /** The organization is at another revision than the expected one. */
  | 'REVISION_CONFLICT'
  /** The service cannot answer right now; try again shortly. */
  | 'SERVICE_UNAVAILABLE'
  /** The catalog has no model with this key. */
  | 'UNKNOWN_MODEL'
  /** The request is not well-formed; nothing was changed. */
  | 'VALIDATION_ERROR';

/** Something that a caller may do in an organization. */
export type ModelgatePermission =
  /** Create and revoke the API keys of the organization's services. */
  | 'MANAGE_API_KEYS'
  /** Create and revoke the tokens of the organization's directories. */
  | 'MANAGE_DIRECTORY'
  /** Invite and remove members, and change their roles. */
  | 'MANAGE_MEMBERS'
  /** Create, rotate and delete the organization's keys at providers. */
  | 'MANAGE_PROVIDER_KEYS'
  /** Read the organization, its settings, models and members, and ask for decisions. */
  | 'READ_ORGANIZATION'
  /** Read the organization's history. */
  | 'READ_REVISIONS'
  /** Report the usage of models. */
  | 'RECORD_USAGE'
  /** Change the organization's model settings. */
  | 'UPDATE_MODEL_SETTINGS'
  /** Change the organization's name, and who manages its API keys. */
  | 'UPDATE_ORGANIZATION'
  /** Get the plaintext of the organization's keys at providers. */
  | 'USE_PROVIDER_KEYS'
  /** Create, change and delete the configurations that the organization shares. */
  | 'WRITE_ORGANIZATION_CONFIGS'
  /** Create, change and delete configurations of its own. */
  | 'WRITE_OWN_CONFIGS';

/** The role of a user in an organization. */
export type ModelgateRole =
  /** May change settings and read the history. */
  | 'ADMIN'
  /** May read. */
  | 'MEMBER'
  /** May do everything, members included. */
  | 'OWNER';

/** The direction of an order. */
export type OrderDirection =
  /** The lowest, or the oldest. */
  | 'ASC'
  /** The highest, or the newest. */
  | 'DESC';

/** Whether a provider key is used. */
export type ProviderKeyStatus =
  /** Calls of models are made with it. */
  | 'ACTIVE'
  /** It is switched off: stored, but not used. */
  | 'INACTIVE';

/** A batch of uses of models. */
export type RecordModelUsageInput = {
  /** The id of the organization. */
  organizationId: string | number;
  /** The uses: 1,000 at most, unless the service is set up otherwise. */
  records: Array<UsageRecordInput>;
};

/** What was done. */
export type RevisionAction =
  /** An API key was created. */
  | 'API_KEY_CREATED'
  /** An API key was revoked. */
  | 'API_KEY_REVOKED'
  /** A directory changed a user, who stayed a member, or was none. The changes tell no personal data. */
  | 'DIRECTORY_USER_UPDATED'
  /** A user accepted an invitation, and became a member. The subject is the user. */
  | 'INVITATION_ACCEPTED'
  /** A user declined an invitation. The subject is the invitation; the user, who is no member, is not shown as the actor. */
  | 'INVITATION_DECLINED'
  /** An invitation was revoked. The subject is the invitation. */
  | 'INVITATION_REVOKED'
  /** A directory, or an operator of the service, made a user a member. */
  | 'MEMBER_ADDED'
  /** A user was invited. The subject is the invitation. */
  | 'MEMBER_INVITED'
  /** A member left, or was removed, also by a directory that has deactivated it. */
  | 'MEMBER_REMOVED'
  /** A member was given another role. */
  | 'MEMBER_ROLE_CHANGED'
  /** A model configuration was created. */
  | 'MODEL_CONFIG_CREATED'
  /** A model configuration was deleted. */
  | 'MODEL_CONFIG_DELETED'
  /** A model configuration was changed. */
  | 'MODEL_CONFIG_UPDATED'
  /** The model settings were changed. */
  | 'MODEL_SETTINGS_UPDATED'
  /** The organization was created. */
  | 'ORGANIZATION_CREATED'
  /** The name of the organization changed, or who manages its API keys. */
  | 'ORGANIZATION_UPDATED'
  /** A provider key was created. */
  | 'PROVIDER_KEY_CREATED'
  /** A provider key was deleted. */
  | 'PROVIDER_KEY_DELETED'
  /** The secret of a provider key was replaced. */
  | 'PROVIDER_KEY_ROTATED'
  /** The name of a provider key was changed, or it was switched on or off. */
  | 'PROVIDER_KEY_UPDATED'
  /** A SCIM token was created. */
  | 'SCIM_TOKEN_CREATED'
  /** A SCIM token was revoked. */
  | 'SCIM_TOKEN_REVOKED'
  /** A directory created a team. */
  | 'TEAM_CREATED'
  /** A directory deleted a team. */
  | 'TEAM_DELETED'
  /** A directory changed the name or the members of a team. */
  | 'TEAM_UPDATED';

/** A configuration to make the default. */
export type SetDefaultModelConfigInput = {
  /** Refuses the change if the organization is at another revision than this. */
  expectedRevision?: number | null | undefined;
  /** The id of the configuration. */
  id: string | number;
};

/** A configuration to switch on or off. */
export type SetModelConfigEnabledInput = {
  /** Refuses the change if the organization is at another revision than this. */
  expectedRevision?: number | null | undefined;
  /** The id of the configuration. */
  id: string | number;
  /** Whether it shall be on. */
  isEnabled: boolean;
};

/** A partial change of a configuration. */
export type UpdateModelConfigInput = {
  /** Refuses the change if the organization is at another revision than this. */
  expectedRevision?: number | null | undefined;
  /** The id of the configuration. */
  id: string | number;
  /** Whether it is the default; true replaces the former one. */
  isDefault?: boolean | null | undefined;
  /** Whether it is switched on. The default cannot be switched off. */
  isEnabled?: boolean | null | undefined;
  /** The organization's own key to call with: an active one of the same provider. Null removes it. */
  providerKeyId?: string | number | null | undefined;
  /** Replaces the object whole. What is passed on to calls: an open object. `temperature` is from 0 to 2, `maxTokens` within the output limit. A whole number beyond 2^53 - 1 is refused: write it as a string. */
  settings?: Record<string, unknown> | null | undefined;
};

/** A partial change of model settings. */
export type UpdateModelSettingsInput = {
  /** The key of a chat model that is allowed after the change; null clears the default. */
  defaultModelKey?: string | null | undefined;
  /** Replaces the list: names of models, at most 250 unless the service is set up otherwise. A key in another case, a display name and an id (`mdl_…`) are stored as the key. An entry that names nothing in the catalog is stored unchanged, and listed in `deadSelectors`. `[]` clears it; null is refused. */
  disabledModels?: Array<string> | null | undefined;
  /** Replaces the list: provider slugs, at most 250 unless the service is set up otherwise. `[]` clears it; null is refused. */
  disabledProviders?: Array<string> | null | undefined;
  /** Refuses the change if the organization is at another revision than this. */
  expectedRevision?: number | null | undefined;
  /** The id of the organization. */
  organizationId: string | number;
};

/** The width of the points of a series, in UTC. */
export type UsageGranularity =
  /** A point for each day. */
  | 'DAY'
  /** A point for each hour. */
  | 'HOUR'
  /** A point for each month. */
  | 'MONTH';

/** One use of a model: by a configuration or by a model key, exactly one of the two. */
export type UsageRecordInput = {
  /** Tokens of output. */
  completionTokens: number;
  /** The application's own id of this use, 200 characters at most. Only its first report in the organization counts. */
  id: string;
  /** The configuration that was used; it may have been deleted since. */
  modelConfigId?: string | number | null | undefined;
  /** The model that was used: its key, or `provider/key` for one that the catalog does not have. */
  modelKey?: string | null | undefined;
  /** Tokens of input. */
  promptTokens: number;
  /** When it was used, at most an hour ahead of the service; absent: now. */
  usedAt?: string | null | undefined;
};

export type CallerQueryVariables = Exact<{ [key: string]: never; }>;


export type CallerQuery = { caller: { kind: CallerKind, user: { id: string, name: string | null } | null, memberships: Array<{ role: ModelgateRole, permissions: Array<ModelgatePermission>, organization: { id: string, name: string | null, revision: number } }> } };

export type ModelConfigsQueryVariables = Exact<{
  organizationId: string | number;
  filter?: ModelConfigFilter | null | undefined;
  orderBy?: ModelConfigOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ModelConfigsQuery = { modelConfigs: { edges: Array<{ node: { id: string, scope: ModelConfigScope, provider: string, modelId: string, displayName: string, settings: Record<string, unknown>, isEnabled: boolean, isDefault: boolean, keyStatus: KeyStatus, updatedAt: string, providerKey: { id: string, name: string } | null, access: { allowed: boolean, reasons: Array<ModelAccessReason> } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type CreateModelConfigMutationVariables = Exact<{
  input: CreateModelConfigInput;
}>;


export type CreateModelConfigMutation = { createModelConfig:
    | { __typename: 'DefaultConfigError', code: ModelgateErrorCode, message: string }
    | { __typename: 'InvalidProviderKeyError', code: ModelgateErrorCode, message: string }
    | { __typename: 'InvalidProviderSlugError', invalidProviders: Array<string>, validProviders: Array<string>, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelConfig', id: string, scope: ModelConfigScope, provider: string, modelId: string, displayName: string, settings: Record<string, unknown>, isEnabled: boolean, isDefault: boolean, keyStatus: KeyStatus, updatedAt: string, providerKey: { id: string, name: string } | null, access: { allowed: boolean, reasons: Array<ModelAccessReason> } }
    | { __typename: 'ModelNotAllowedError', modelKey: string, reasons: Array<ModelAccessReason>, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateForbiddenError', organizationId: string | null, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateUnauthenticatedError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateValidationError', code: ModelgateErrorCode, message: string, issues: Array<{ path: string, message: string }> }
    | { __typename: 'RevisionConflictError', expectedRevision: number, currentRevision: number, code: ModelgateErrorCode, message: string }
   };

export type UpdateModelConfigMutationVariables = Exact<{
  input: UpdateModelConfigInput;
}>;


export type UpdateModelConfigMutation = { updateModelConfig:
    | { __typename: 'DefaultConfigError', code: ModelgateErrorCode, message: string }
    | { __typename: 'InvalidProviderKeyError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelConfig', id: string, scope: ModelConfigScope, provider: string, modelId: string, displayName: string, settings: Record<string, unknown>, isEnabled: boolean, isDefault: boolean, keyStatus: KeyStatus, updatedAt: string, providerKey: { id: string, name: string } | null, access: { allowed: boolean, reasons: Array<ModelAccessReason> } }
    | { __typename: 'ModelgateForbiddenError', organizationId: string | null, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateNotFoundError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateUnauthenticatedError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateValidationError', code: ModelgateErrorCode, message: string, issues: Array<{ path: string, message: string }> }
    | { __typename: 'RevisionConflictError', expectedRevision: number, currentRevision: number, code: ModelgateErrorCode, message: string }
   };

export type SetModelConfigEnabledMutationVariables = Exact<{
  input: SetModelConfigEnabledInput;
}>;


export type SetModelConfigEnabledMutation = { setModelConfigEnabled:
    | { __typename: 'DefaultConfigError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelConfig', id: string, scope: ModelConfigScope, provider: string, modelId: string, displayName: string, settings: Record<string, unknown>, isEnabled: boolean, isDefault: boolean, keyStatus: KeyStatus, updatedAt: string, providerKey: { id: string, name: string } | null, access: { allowed: boolean, reasons: Array<ModelAccessReason> } }
    | { __typename: 'ModelgateForbiddenError', organizationId: string | null, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateNotFoundError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateUnauthenticatedError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateValidationError', code: ModelgateErrorCode, message: string, issues: Array<{ path: string, message: string }> }
    | { __typename: 'RevisionConflictError', expectedRevision: number, currentRevision: number, code: ModelgateErrorCode, message: string }
   };

export type SetDefaultModelConfigMutationVariables = Exact<{
  input: SetDefaultModelConfigInput;
}>;


export type SetDefaultModelConfigMutation = { setDefaultModelConfig:
    | { __typename: 'DefaultConfigError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelConfig', id: string, scope: ModelConfigScope, provider: string, modelId: string, displayName: string, settings: Record<string, unknown>, isEnabled: boolean, isDefault: boolean, keyStatus: KeyStatus, updatedAt: string, providerKey: { id: string, name: string } | null, access: { allowed: boolean, reasons: Array<ModelAccessReason> } }
    | { __typename: 'ModelgateForbiddenError', organizationId: string | null, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateNotFoundError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateUnauthenticatedError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateValidationError', code: ModelgateErrorCode, message: string, issues: Array<{ path: string, message: string }> }
    | { __typename: 'RevisionConflictError', expectedRevision: number, currentRevision: number, code: ModelgateErrorCode, message: string }
   };

export type DeleteModelConfigMutationVariables = Exact<{
  input: DeleteModelConfigInput;
}>;


export type DeleteModelConfigMutation = { deleteModelConfig:
    | { __typename: 'DeletedModelConfig', id: string }
    | { __typename: 'ModelgateForbiddenError', organizationId: string | null, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateNotFoundError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateUnauthenticatedError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateValidationError', code: ModelgateErrorCode, message: string, issues: Array<{ path: string, message: string }> }
    | { __typename: 'RevisionConflictError', expectedRevision: number, currentRevision: number, code: ModelgateErrorCode, message: string }
   };

export type ModelConfigFieldsFragment = { id: string, scope: ModelConfigScope, provider: string, modelId: string, displayName: string, settings: Record<string, unknown>, isEnabled: boolean, isDefault: boolean, keyStatus: KeyStatus, updatedAt: string, providerKey: { id: string, name: string } | null, access: { allowed: boolean, reasons: Array<ModelAccessReason> } };

export type ModelSettingsQueryVariables = Exact<{
  organizationId: string | number;
}>;


export type ModelSettingsQuery = { organizationModelSettings: { id: string, disabledProviders: Array<string>, disabledModels: Array<string>, defaultModelKey: string | null, revision: number, updatedAt: string | null, defaultModel: { id: string, displayName: string } | null, updatedBy: { id: string, name: string | null } | null } };

export type UpdateModelSettingsMutationVariables = Exact<{
  input: UpdateModelSettingsInput;
}>;


export type UpdateModelSettingsMutation = { updateModelSettings:
    | { __typename: 'DefaultModelDisabledError', modelKey: string, reasons: Array<ModelAccessReason>, code: ModelgateErrorCode, message: string }
    | { __typename: 'InvalidProviderSlugError', invalidProviders: Array<string>, validProviders: Array<string>, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateForbiddenError', organizationId: string | null, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateUnauthenticatedError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateValidationError', code: ModelgateErrorCode, message: string, issues: Array<{ path: string, message: string }> }
    | { __typename: 'OrganizationModelSettings', id: string, disabledProviders: Array<string>, disabledModels: Array<string>, defaultModelKey: string | null, revision: number, updatedAt: string | null, defaultModel: { id: string, displayName: string } | null, updatedBy: { id: string, name: string | null } | null }
    | { __typename: 'RevisionConflictError', expectedRevision: number, currentRevision: number, code: ModelgateErrorCode, message: string }
    | { __typename: 'UnknownModelError', modelKey: string, code: ModelgateErrorCode, message: string }
   };

export type ModelSettingsFieldsFragment = { id: string, disabledProviders: Array<string>, disabledModels: Array<string>, defaultModelKey: string | null, revision: number, updatedAt: string | null, defaultModel: { id: string, displayName: string } | null, updatedBy: { id: string, name: string | null } | null };

export type ModelAccessQueryVariables = Exact<{
  organizationId: string | number;
  modelKey: string;
}>;


export type ModelAccessQuery = { modelAccess: { allowed: boolean, reasons: Array<ModelAccessReason>, primaryReason: ModelAccessReason | null, revision: number, model: { id: string, provider: string, modelId: string, aliases: Array<string>, displayName: string, family: string | null, kind: ModelKind, lifecycle: ModelLifecycle, retiresAt: string | null, contextWindow: number | null, maxOutputTokens: number | null, inputCostPer1kTokens: string | null, outputCostPer1kTokens: string | null, supportsStreaming: boolean, supportsSearch: boolean, supportsCustomKey: boolean, supportedResponseFormats: Array<string> } | null } };

export type ModelsQueryVariables = Exact<{
  organizationId: string | number;
  filter?: ModelFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ModelsQuery = { models: { edges: Array<{ node: { keyStatus: KeyStatus, id: string, provider: string, modelId: string, aliases: Array<string>, displayName: string, family: string | null, kind: ModelKind, lifecycle: ModelLifecycle, retiresAt: string | null, contextWindow: number | null, maxOutputTokens: number | null, inputCostPer1kTokens: string | null, outputCostPer1kTokens: string | null, supportsStreaming: boolean, supportsSearch: boolean, supportsCustomKey: boolean, supportedResponseFormats: Array<string>, access: { allowed: boolean, reasons: Array<ModelAccessReason> } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type EffectiveDefaultModelQueryVariables = Exact<{
  organizationId: string | number;
}>;


export type EffectiveDefaultModelQuery = { organization: { effectiveDefaultModel: { source: DefaultSource | null, model: { id: string, provider: string, modelId: string, aliases: Array<string>, displayName: string, family: string | null, kind: ModelKind, lifecycle: ModelLifecycle, retiresAt: string | null, contextWindow: number | null, maxOutputTokens: number | null, inputCostPer1kTokens: string | null, outputCostPer1kTokens: string | null, supportsStreaming: boolean, supportsSearch: boolean, supportsCustomKey: boolean, supportedResponseFormats: Array<string> } | null, config: { id: string, scope: ModelConfigScope, provider: string, modelId: string, displayName: string, settings: Record<string, unknown>, isEnabled: boolean, isDefault: boolean, keyStatus: KeyStatus, updatedAt: string, providerKey: { id: string, name: string } | null, access: { allowed: boolean, reasons: Array<ModelAccessReason> } } | null, skipped: Array<{ source: DefaultSource, modelKey: string, access: { reasons: Array<ModelAccessReason> } }> } } | null };

export type ModelFieldsFragment = { id: string, provider: string, modelId: string, aliases: Array<string>, displayName: string, family: string | null, kind: ModelKind, lifecycle: ModelLifecycle, retiresAt: string | null, contextWindow: number | null, maxOutputTokens: number | null, inputCostPer1kTokens: string | null, outputCostPer1kTokens: string | null, supportsStreaming: boolean, supportsSearch: boolean, supportsCustomKey: boolean, supportedResponseFormats: Array<string> };

export type ProviderKeysQueryVariables = Exact<{
  organizationId: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ProviderKeysQuery = { organization: { providerKeys: { edges: Array<{ node: { id: string, provider: string, name: string, last4: string, status: ProviderKeyStatus, createdAt: string, lastUsedAt: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type CreateProviderKeyMutationVariables = Exact<{
  input: CreateProviderKeyInput;
}>;


export type CreateProviderKeyMutation = { createProviderKey:
    | { __typename: 'InvalidProviderSlugError', invalidProviders: Array<string>, validProviders: Array<string>, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateForbiddenError', organizationId: string | null, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateUnauthenticatedError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateValidationError', code: ModelgateErrorCode, message: string, issues: Array<{ path: string, message: string }> }
    | { __typename: 'ProviderKey', id: string, provider: string, name: string, last4: string, status: ProviderKeyStatus, createdAt: string, lastUsedAt: string | null }
    | { __typename: 'RevisionConflictError', expectedRevision: number, currentRevision: number, code: ModelgateErrorCode, message: string }
   };

export type ProviderKeyFieldsFragment = { id: string, provider: string, name: string, last4: string, status: ProviderKeyStatus, createdAt: string, lastUsedAt: string | null };

type Refusal_DefaultConfigError_Fragment = { code: ModelgateErrorCode, message: string };

type Refusal_DefaultModelDisabledError_Fragment = { modelKey: string, reasons: Array<ModelAccessReason>, code: ModelgateErrorCode, message: string };

type Refusal_InvalidProviderKeyError_Fragment = { code: ModelgateErrorCode, message: string };

type Refusal_InvalidProviderSlugError_Fragment = { invalidProviders: Array<string>, validProviders: Array<string>, code: ModelgateErrorCode, message: string };

type Refusal_ModelNotAllowedError_Fragment = { modelKey: string, reasons: Array<ModelAccessReason>, code: ModelgateErrorCode, message: string };

type Refusal_ModelgateForbiddenError_Fragment = { organizationId: string | null, code: ModelgateErrorCode, message: string };

type Refusal_ModelgateNotFoundError_Fragment = { code: ModelgateErrorCode, message: string };

type Refusal_ModelgateUnauthenticatedError_Fragment = { code: ModelgateErrorCode, message: string };

type Refusal_ModelgateValidationError_Fragment = { code: ModelgateErrorCode, message: string, issues: Array<{ path: string, message: string }> };

type Refusal_ProviderKeyInUseError_Fragment = { modelConfigIds: Array<string>, code: ModelgateErrorCode, message: string };

type Refusal_RevisionConflictError_Fragment = { expectedRevision: number, currentRevision: number, code: ModelgateErrorCode, message: string };

type Refusal_UnknownModelError_Fragment = { modelKey: string, code: ModelgateErrorCode, message: string };

export type RefusalFragment =
  | Refusal_DefaultConfigError_Fragment
  | Refusal_DefaultModelDisabledError_Fragment
  | Refusal_InvalidProviderKeyError_Fragment
  | Refusal_InvalidProviderSlugError_Fragment
  | Refusal_ModelNotAllowedError_Fragment
  | Refusal_ModelgateForbiddenError_Fragment
  | Refusal_ModelgateNotFoundError_Fragment
  | Refusal_ModelgateUnauthenticatedError_Fragment
  | Refusal_ModelgateValidationError_Fragment
  | Refusal_ProviderKeyInUseError_Fragment
  | Refusal_RevisionConflictError_Fragment
  | Refusal_UnknownModelError_Fragment
;

export type RevisionsQueryVariables = Exact<{
  organizationId: string | number;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RevisionsQuery = { organization: { revision: number, revisions: { edges: Array<{ node: { id: string, number: number, at: string, action: RevisionAction, subjectId: string, actorApiKeyId: string | null, actor: { id: string, name: string | null } | null, changes: Array<{ field: string, added: Array<string>, removed: Array<string> }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type RevisionFieldsFragment = { id: string, number: number, at: string, action: RevisionAction, subjectId: string, actorApiKeyId: string | null, actor: { id: string, name: string | null } | null, changes: Array<{ field: string, added: Array<string>, removed: Array<string> }> };

export type OrganizationRevisionSubscriptionVariables = Exact<{
  organizationId: string | number;
  sinceRevision?: number | null | undefined;
}>;


export type OrganizationRevisionSubscription = { organizationRevision: { number: number, at: string, action: RevisionAction, actor: { id: string, name: string | null } | null } };

export type RecordModelUsageMutationVariables = Exact<{
  input: RecordModelUsageInput;
}>;


export type RecordModelUsageMutation = { recordModelUsage:
    | { __typename: 'ModelgateForbiddenError', organizationId: string | null, code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateUnauthenticatedError', code: ModelgateErrorCode, message: string }
    | { __typename: 'ModelgateValidationError', code: ModelgateErrorCode, message: string, issues: Array<{ path: string, message: string }> }
    | { __typename: 'RecordModelUsagePayload', recorded: number, duplicates: number, rejected: Array<{ index: number, id: string | null, issues: Array<{ path: string, message: string }> }> }
   };

export type ModelUsageSeriesQueryVariables = Exact<{
  organizationId: string | number;
  granularity: UsageGranularity;
  from: string;
  to: string;
  provider?: string | null | undefined;
  modelKey?: string | null | undefined;
}>;


export type ModelUsageSeriesQuery = { modelUsageSeries: Array<{ at: string, usageCount: string, promptTokens: string, completionTokens: string, totalTokens: string, cost: string | null, unpricedCount: string }> };

export const ModelConfigFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelConfigFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelConfig"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"settings"}},{"kind":"Field","name":{"kind":"Name","value":"isEnabled"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"keyStatus"}},{"kind":"Field","name":{"kind":"Name","value":"providerKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"access"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<ModelConfigFieldsFragment, unknown>;
export const ModelSettingsFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelSettingsFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OrganizationModelSettings"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"disabledProviders"}},{"kind":"Field","name":{"kind":"Name","value":"disabledModels"}},{"kind":"Field","name":{"kind":"Name","value":"defaultModelKey"}},{"kind":"Field","name":{"kind":"Name","value":"defaultModel"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<ModelSettingsFieldsFragment, unknown>;
export const ModelFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Model"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"aliases"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"family"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"}},{"kind":"Field","name":{"kind":"Name","value":"retiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"contextWindow"}},{"kind":"Field","name":{"kind":"Name","value":"maxOutputTokens"}},{"kind":"Field","name":{"kind":"Name","value":"inputCostPer1kTokens"}},{"kind":"Field","name":{"kind":"Name","value":"outputCostPer1kTokens"}},{"kind":"Field","name":{"kind":"Name","value":"supportsStreaming"}},{"kind":"Field","name":{"kind":"Name","value":"supportsSearch"}},{"kind":"Field","name":{"kind":"Name","value":"supportsCustomKey"}},{"kind":"Field","name":{"kind":"Name","value":"supportedResponseFormats"}}]}}]} as unknown as DocumentNode<ModelFieldsFragment, unknown>;
export const ProviderKeyFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderKeyFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKey"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}}]}}]} as unknown as DocumentNode<ProviderKeyFieldsFragment, unknown>;
export const RefusalFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateForbiddenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevisionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expectedRevision"}},{"kind":"Field","name":{"kind":"Name","value":"currentRevision"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidProviderSlugError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invalidProviders"}},{"kind":"Field","name":{"kind":"Name","value":"validProviders"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnknownModelError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelNotAllowedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DefaultModelDisabledError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelConfigIds"}}]}}]}}]} as unknown as DocumentNode<RefusalFragment, unknown>;
export const RevisionFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RevisionFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Revision"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"actorApiKeyId"}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"added"}},{"kind":"Field","name":{"kind":"Name","value":"removed"}}]}}]}}]} as unknown as DocumentNode<RevisionFieldsFragment, unknown>;
export const CallerDocument = {"__meta__":{"hash":"sha256:504fde5830a2c7aed306a85797619b2422a9fbf67d342626828fe4ba7239ec11"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Caller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"caller"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"memberships"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organization"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}}]}}]}}]}}]} as unknown as DocumentNode<CallerQuery, CallerQueryVariables>;
export const ModelConfigsDocument = {"__meta__":{"hash":"sha256:23f95b3025affcc7fc76287141cae3c254cf8b4e7557c8863c3ed10c80b162ab"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ModelConfigs"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ModelConfigFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ModelConfigOrder"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelConfigs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelConfigFields"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelConfigFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelConfig"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"settings"}},{"kind":"Field","name":{"kind":"Name","value":"isEnabled"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"keyStatus"}},{"kind":"Field","name":{"kind":"Name","value":"providerKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"access"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<ModelConfigsQuery, ModelConfigsQueryVariables>;
export const CreateModelConfigDocument = {"__meta__":{"hash":"sha256:52e980a7f83ade2d223c12f6318751cf16825e1f8e4e0f99bbf2365be5037e69"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateModelConfig"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateModelConfigInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createModelConfig"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelConfigFields"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelConfigFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelConfig"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"settings"}},{"kind":"Field","name":{"kind":"Name","value":"isEnabled"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"keyStatus"}},{"kind":"Field","name":{"kind":"Name","value":"providerKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"access"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateForbiddenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevisionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expectedRevision"}},{"kind":"Field","name":{"kind":"Name","value":"currentRevision"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidProviderSlugError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invalidProviders"}},{"kind":"Field","name":{"kind":"Name","value":"validProviders"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnknownModelError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelNotAllowedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DefaultModelDisabledError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelConfigIds"}}]}}]}}]} as unknown as DocumentNode<CreateModelConfigMutation, CreateModelConfigMutationVariables>;
export const UpdateModelConfigDocument = {"__meta__":{"hash":"sha256:c2adf8120109580d25a9d7e7b32a27fd796ad3aaac2af2bb24605e5c28fdbd19"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateModelConfig"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateModelConfigInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateModelConfig"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelConfigFields"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelConfigFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelConfig"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"settings"}},{"kind":"Field","name":{"kind":"Name","value":"isEnabled"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"keyStatus"}},{"kind":"Field","name":{"kind":"Name","value":"providerKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"access"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateForbiddenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevisionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expectedRevision"}},{"kind":"Field","name":{"kind":"Name","value":"currentRevision"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidProviderSlugError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invalidProviders"}},{"kind":"Field","name":{"kind":"Name","value":"validProviders"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnknownModelError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelNotAllowedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DefaultModelDisabledError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelConfigIds"}}]}}]}}]} as unknown as DocumentNode<UpdateModelConfigMutation, UpdateModelConfigMutationVariables>;
export const SetModelConfigEnabledDocument = {"__meta__":{"hash":"sha256:b1e557117691b12b2025685ace2523e07c216de1e76dc113612ef18b77cb6eb3"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetModelConfigEnabled"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetModelConfigEnabledInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setModelConfigEnabled"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelConfigFields"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelConfigFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelConfig"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"settings"}},{"kind":"Field","name":{"kind":"Name","value":"isEnabled"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"keyStatus"}},{"kind":"Field","name":{"kind":"Name","value":"providerKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"access"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateForbiddenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevisionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expectedRevision"}},{"kind":"Field","name":{"kind":"Name","value":"currentRevision"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidProviderSlugError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invalidProviders"}},{"kind":"Field","name":{"kind":"Name","value":"validProviders"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnknownModelError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelNotAllowedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DefaultModelDisabledError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelConfigIds"}}]}}]}}]} as unknown as DocumentNode<SetModelConfigEnabledMutation, SetModelConfigEnabledMutationVariables>;
export const SetDefaultModelConfigDocument = {"__meta__":{"hash":"sha256:8406ce1f6aad031020cdef3e2d352ff46ea5d9ca15f70ed10d0a5a6e8b2d132b"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetDefaultModelConfig"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetDefaultModelConfigInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setDefaultModelConfig"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelConfigFields"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelConfigFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelConfig"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"settings"}},{"kind":"Field","name":{"kind":"Name","value":"isEnabled"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"keyStatus"}},{"kind":"Field","name":{"kind":"Name","value":"providerKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"access"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateForbiddenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevisionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expectedRevision"}},{"kind":"Field","name":{"kind":"Name","value":"currentRevision"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidProviderSlugError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invalidProviders"}},{"kind":"Field","name":{"kind":"Name","value":"validProviders"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnknownModelError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelNotAllowedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DefaultModelDisabledError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelConfigIds"}}]}}]}}]} as unknown as DocumentNode<SetDefaultModelConfigMutation, SetDefaultModelConfigMutationVariables>;
export const DeleteModelConfigDocument = {"__meta__":{"hash":"sha256:ceb008c820898771fc97e6768bc98f1c34488d7643f4505fb949aeae093ed6a2"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteModelConfig"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteModelConfigInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteModelConfig"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DeletedModelConfig"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateForbiddenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevisionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expectedRevision"}},{"kind":"Field","name":{"kind":"Name","value":"currentRevision"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidProviderSlugError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invalidProviders"}},{"kind":"Field","name":{"kind":"Name","value":"validProviders"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnknownModelError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelNotAllowedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DefaultModelDisabledError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelConfigIds"}}]}}]}}]} as unknown as DocumentNode<DeleteModelConfigMutation, DeleteModelConfigMutationVariables>;
export const ModelSettingsDocument = {"__meta__":{"hash":"sha256:fdc92e55e0122bbd29003017473fca803061174242326ea3b8f7adc69b54b58d"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ModelSettings"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationModelSettings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelSettingsFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelSettingsFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OrganizationModelSettings"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"disabledProviders"}},{"kind":"Field","name":{"kind":"Name","value":"disabledModels"}},{"kind":"Field","name":{"kind":"Name","value":"defaultModelKey"}},{"kind":"Field","name":{"kind":"Name","value":"defaultModel"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<ModelSettingsQuery, ModelSettingsQueryVariables>;
export const UpdateModelSettingsDocument = {"__meta__":{"hash":"sha256:19c21359b654f4700bf3e5bbbadba2c7327ab9a199e5f2c49d9b3cf909662fee"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateModelSettings"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateModelSettingsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateModelSettings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelSettingsFields"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelSettingsFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OrganizationModelSettings"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"disabledProviders"}},{"kind":"Field","name":{"kind":"Name","value":"disabledModels"}},{"kind":"Field","name":{"kind":"Name","value":"defaultModelKey"}},{"kind":"Field","name":{"kind":"Name","value":"defaultModel"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateForbiddenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevisionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expectedRevision"}},{"kind":"Field","name":{"kind":"Name","value":"currentRevision"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidProviderSlugError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invalidProviders"}},{"kind":"Field","name":{"kind":"Name","value":"validProviders"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnknownModelError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelNotAllowedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DefaultModelDisabledError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelConfigIds"}}]}}]}}]} as unknown as DocumentNode<UpdateModelSettingsMutation, UpdateModelSettingsMutationVariables>;
export const ModelAccessDocument = {"__meta__":{"hash":"sha256:1ece24c28087c0ed7d65d7e2a493c822e214270d6c917ff926e6c2ab080ed44a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ModelAccess"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"modelKey"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelAccess"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}},{"kind":"Argument","name":{"kind":"Name","value":"modelKey"},"value":{"kind":"Variable","name":{"kind":"Name","value":"modelKey"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}},{"kind":"Field","name":{"kind":"Name","value":"primaryReason"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelFields"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Model"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"aliases"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"family"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"}},{"kind":"Field","name":{"kind":"Name","value":"retiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"contextWindow"}},{"kind":"Field","name":{"kind":"Name","value":"maxOutputTokens"}},{"kind":"Field","name":{"kind":"Name","value":"inputCostPer1kTokens"}},{"kind":"Field","name":{"kind":"Name","value":"outputCostPer1kTokens"}},{"kind":"Field","name":{"kind":"Name","value":"supportsStreaming"}},{"kind":"Field","name":{"kind":"Name","value":"supportsSearch"}},{"kind":"Field","name":{"kind":"Name","value":"supportsCustomKey"}},{"kind":"Field","name":{"kind":"Name","value":"supportedResponseFormats"}}]}}]} as unknown as DocumentNode<ModelAccessQuery, ModelAccessQueryVariables>;
export const ModelsDocument = {"__meta__":{"hash":"sha256:44b4076bccba25d9fba636083cb2b5c2c71b81ca502639c6cbc3b540bd9c1d07"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Models"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ModelFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"models"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelFields"}},{"kind":"Field","name":{"kind":"Name","value":"access"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"Field","name":{"kind":"Name","value":"keyStatus"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}}]}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Model"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"aliases"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"family"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"}},{"kind":"Field","name":{"kind":"Name","value":"retiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"contextWindow"}},{"kind":"Field","name":{"kind":"Name","value":"maxOutputTokens"}},{"kind":"Field","name":{"kind":"Name","value":"inputCostPer1kTokens"}},{"kind":"Field","name":{"kind":"Name","value":"outputCostPer1kTokens"}},{"kind":"Field","name":{"kind":"Name","value":"supportsStreaming"}},{"kind":"Field","name":{"kind":"Name","value":"supportsSearch"}},{"kind":"Field","name":{"kind":"Name","value":"supportsCustomKey"}},{"kind":"Field","name":{"kind":"Name","value":"supportedResponseFormats"}}]}}]} as unknown as DocumentNode<ModelsQuery, ModelsQueryVariables>;
export const EffectiveDefaultModelDocument = {"__meta__":{"hash":"sha256:b467f5f3b4454b4d3adf5291746b2e82e6350b4da7a94d5922117d4863b7b10b"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EffectiveDefaultModel"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organization"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"effectiveDefaultModel"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"config"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelConfigFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"skipped"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"access"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Model"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"aliases"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"family"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"}},{"kind":"Field","name":{"kind":"Name","value":"retiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"contextWindow"}},{"kind":"Field","name":{"kind":"Name","value":"maxOutputTokens"}},{"kind":"Field","name":{"kind":"Name","value":"inputCostPer1kTokens"}},{"kind":"Field","name":{"kind":"Name","value":"outputCostPer1kTokens"}},{"kind":"Field","name":{"kind":"Name","value":"supportsStreaming"}},{"kind":"Field","name":{"kind":"Name","value":"supportsSearch"}},{"kind":"Field","name":{"kind":"Name","value":"supportsCustomKey"}},{"kind":"Field","name":{"kind":"Name","value":"supportedResponseFormats"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelConfigFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelConfig"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"modelId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"settings"}},{"kind":"Field","name":{"kind":"Name","value":"isEnabled"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"keyStatus"}},{"kind":"Field","name":{"kind":"Name","value":"providerKey"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"access"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"allowed"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<EffectiveDefaultModelQuery, EffectiveDefaultModelQueryVariables>;
export const ProviderKeysDocument = {"__meta__":{"hash":"sha256:a0d4d6b0cbe8b85575037c94cce2aca86e081f835f6486c8cda893192a66a304"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ProviderKeys"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organization"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"providerKeys"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderKeyFields"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderKeyFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKey"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}}]}}]} as unknown as DocumentNode<ProviderKeysQuery, ProviderKeysQueryVariables>;
export const CreateProviderKeyDocument = {"__meta__":{"hash":"sha256:bc6da337b1b4f7606b81c82c4f44bd5d8c66b6e4f07ca50ec709f40ea98b28f7"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateProviderKey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateProviderKeyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createProviderKey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderKeyFields"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderKeyFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKey"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastUsedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateForbiddenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevisionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expectedRevision"}},{"kind":"Field","name":{"kind":"Name","value":"currentRevision"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidProviderSlugError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invalidProviders"}},{"kind":"Field","name":{"kind":"Name","value":"validProviders"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnknownModelError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelNotAllowedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DefaultModelDisabledError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelConfigIds"}}]}}]}}]} as unknown as DocumentNode<CreateProviderKeyMutation, CreateProviderKeyMutationVariables>;
export const RevisionsDocument = {"__meta__":{"hash":"sha256:dc4f3882892489722f37c509dbc286c0b31ed61bff545989749e445d87066484"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Revisions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organization"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"revisions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RevisionFields"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RevisionFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Revision"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"actorApiKeyId"}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"added"}},{"kind":"Field","name":{"kind":"Name","value":"removed"}}]}}]}}]} as unknown as DocumentNode<RevisionsQuery, RevisionsQueryVariables>;
export const OrganizationRevisionDocument = {"__meta__":{"hash":"sha256:9a607ceb9bd07e9e9e31419b4428afe9af49f19bdb25d7b20cf0b0e8de2c4e28"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"OrganizationRevision"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"sinceRevision"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationRevision"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}},{"kind":"Argument","name":{"kind":"Name","value":"sinceRevision"},"value":{"kind":"Variable","name":{"kind":"Name","value":"sinceRevision"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"action"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<OrganizationRevisionSubscription, OrganizationRevisionSubscriptionVariables>;
export const RecordModelUsageDocument = {"__meta__":{"hash":"sha256:6a5d0a84ec10761ef6a85b07cf00fe61751b47d7980cb7296a8864b01c702c52"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RecordModelUsage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RecordModelUsageInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recordModelUsage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RecordModelUsagePayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recorded"}},{"kind":"Field","name":{"kind":"Name","value":"duplicates"}},{"kind":"Field","name":{"kind":"Name","value":"rejected"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"Refusal"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Refusal"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateForbiddenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"organizationId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevisionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"expectedRevision"}},{"kind":"Field","name":{"kind":"Name","value":"currentRevision"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelgateValidationError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"issues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidProviderSlugError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"invalidProviders"}},{"kind":"Field","name":{"kind":"Name","value":"validProviders"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UnknownModelError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ModelNotAllowedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DefaultModelDisabledError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelKey"}},{"kind":"Field","name":{"kind":"Name","value":"reasons"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderKeyInUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelConfigIds"}}]}}]}}]} as unknown as DocumentNode<RecordModelUsageMutation, RecordModelUsageMutationVariables>;
export const ModelUsageSeriesDocument = {"__meta__":{"hash":"sha256:ac3bf9d2b47fee80e91133977700cbd2aef9f4cedae4b8e277b818ab48181977"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ModelUsageSeries"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"granularity"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UsageGranularity"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"from"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"to"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"provider"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"modelKey"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"modelUsageSeries"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"organizationId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"organizationId"}}},{"kind":"Argument","name":{"kind":"Name","value":"granularity"},"value":{"kind":"Variable","name":{"kind":"Name","value":"granularity"}}},{"kind":"Argument","name":{"kind":"Name","value":"from"},"value":{"kind":"Variable","name":{"kind":"Name","value":"from"}}},{"kind":"Argument","name":{"kind":"Name","value":"to"},"value":{"kind":"Variable","name":{"kind":"Name","value":"to"}}},{"kind":"Argument","name":{"kind":"Name","value":"provider"},"value":{"kind":"Variable","name":{"kind":"Name","value":"provider"}}},{"kind":"Argument","name":{"kind":"Name","value":"modelKey"},"value":{"kind":"Variable","name":{"kind":"Name","value":"modelKey"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"usageCount"}},{"kind":"Field","name":{"kind":"Name","value":"promptTokens"}},{"kind":"Field","name":{"kind":"Name","value":"completionTokens"}},{"kind":"Field","name":{"kind":"Name","value":"totalTokens"}},{"kind":"Field","name":{"kind":"Name","value":"cost"}},{"kind":"Field","name":{"kind":"Name","value":"unpricedCount"}}]}}]}}]} as unknown as DocumentNode<ModelUsageSeriesQuery, ModelUsageSeriesQueryVariables>;