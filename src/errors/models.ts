import type { ExceptionState } from '../policy/exception-state.ts';
import type { ModelAccess } from '../policy/policy.ts';
import type { Reason } from '../policy/reasons.ts';
import { UserError } from './base.ts';

/** Some provider slugs are unknown; nothing was changed. */
export class InvalidProviderSlugError extends UserError {
  readonly invalidProviders: readonly string[];
  readonly validProviders: readonly string[];

  constructor(invalidProviders: readonly string[], validProviders: readonly string[]) {
    super('INVALID_PROVIDER_SLUG', `Invalid provider slugs: ${invalidProviders.join(', ')}`);
    this.invalidProviders = invalidProviders;
    this.validProviders = validProviders;
  }

  override get details() {
    return { invalidProviders: this.invalidProviders, validProviders: this.validProviders };
  }
}

/** No model of the catalog has this key. */
export class UnknownModelError extends UserError {
  readonly modelKey: string;

  constructor(modelKey: string) {
    super('UNKNOWN_MODEL', `The catalog has no model "${modelKey}"`);
    this.modelKey = modelKey;
  }

  override get details() {
    return { modelKey: this.modelKey };
  }
}

/** The change would disable the default model. Another default, or null, must be set in the same change. */
export class DefaultModelDisabledError extends UserError {
  readonly modelKey: string;
  readonly reasons: readonly Reason[];

  constructor(modelKey: string, reasons: readonly Reason[]) {
    super(
      'DEFAULT_MODEL_DISABLED',
      `The default model "${modelKey}" would not be allowed (${reasons.join(', ')}); set another default, or null, in the same change`,
    );
    this.modelKey = modelKey;
    this.reasons = reasons;
  }

  override get details() {
    return { modelKey: this.modelKey, reasons: this.reasons };
  }
}

/** The organization may not use the model now, for these reasons. */
export class ModelNotAllowedError extends UserError {
  readonly modelKey: string;
  readonly access: ModelAccess;

  constructor(modelKey: string, access: ModelAccess) {
    super('MODEL_NOT_ALLOWED', `The model "${modelKey}" is not allowed (${access.reasons.join(', ')})`);
    this.modelKey = modelKey;
    this.access = access;
  }

  override get details() {
    return { modelKey: this.modelKey, reasons: this.access.reasons };
  }
}

/**
 * The default configuration cannot be disabled. One that is disabled, not allowed or not of a chat model cannot become the
 * default.
 */
export class DefaultConfigError extends UserError {
  constructor(message: string) {
    super('DEFAULT_CONFIG', message);
  }
}

/** The provider key cannot be used: the organization has none for this provider, it is inactive, or it cannot be decrypted. */
export class InvalidProviderKeyError extends UserError {
  constructor(message = 'There is no active provider key with this id for this organization and provider') {
    super('INVALID_PROVIDER_KEY', message);
  }
}

/** Configurations use the provider key. They must be detached in the same change, or get another key first. */
export class ProviderKeyInUseError extends UserError {
  readonly modelConfigIds: readonly string[];

  constructor(modelConfigIds: readonly string[]) {
    super(
      'PROVIDER_KEY_IN_USE',
      `The provider key is in use by ${modelConfigIds.join(', ')}; give them another, or delete it with "detach: true"`,
    );
    this.modelConfigIds = modelConfigIds;
  }

  override get details() {
    return { modelConfigIds: this.modelConfigIds };
  }
}

/** The exception cannot be decided, or revoked, in its present state: it was decided before, was revoked, or has ended. */
export class ExceptionStateError extends UserError {
  readonly state: ExceptionState;

  constructor(state: ExceptionState, needed: readonly ExceptionState[]) {
    super('EXCEPTION_STATE', `The exception is ${state}, and would have to be ${needed.join(' or ')}`);
    this.state = state;
  }

  override get details() {
    return { state: this.state };
  }
}
