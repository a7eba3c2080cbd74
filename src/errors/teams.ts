import { UserError } from './base.ts';

/** Who keeps a team that is not kept here. */
const keepers = {
  SCIM: "the identity provider's directory, by SCIM",
  CLAIMS: 'the tokens of its members, as the identity provider issues them',
} as const;

/** The team is not kept here: it is changed at the identity provider. */
export class ExternalTeamError extends UserError {
  readonly source: keyof typeof keepers;

  constructor(name: string, source: keyof typeof keepers) {
    super('EXTERNAL_TEAM', `The team "${name}" is kept by ${keepers[source]}; change it there`);
    this.source = source;
  }

  override get details() {
    return { source: this.source };
  }
}
