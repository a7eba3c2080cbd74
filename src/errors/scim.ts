import { UserError } from './base.ts';

/** The kinds of errors of SCIM (RFC 7644, table 9) that are used. */
export type ScimType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'mutability'
  | 'noTarget'
  | 'tooMany'
  | 'uniqueness';

/** What a directory sent cannot be done; nothing was changed. */
export class ScimError extends UserError {
  readonly scimType: ScimType | undefined;
  readonly #status: number;

  constructor(scimType: ScimType | undefined, message: string, status = 400) {
    super('VALIDATION_ERROR', message);
    this.scimType = scimType;
    this.#status = status;
  }

  override get status(): number {
    return this.#status;
  }
}
