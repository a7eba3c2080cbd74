import type { Context } from '../../context.ts';
import { keyStatusOf, type KeyStatus as Status } from '../../domain/keys/key-status.ts';
import { withLoaded } from '../../domain/reading/loader.ts';
import { builder } from '../builder.ts';

export const KeyStatus = builder.enumType('KeyStatus', {
  description: 'Whose provider key a model is called with.',
  values: {
    CUSTOM: { description: 'The organization has an active key of its own at the provider.' },
    PLATFORM: { description: 'The operator of this service has a key at the provider.' },
    NEEDS_SETUP: { description: 'There is no key yet.' },
  } satisfies Record<Status, { description: string }>,
});

/** The status of a provider's models in an organization. */
export function findKeyStatus(
  { states, platformProviders }: Context,
  organizationId: string,
  provider: string,
): Status | Promise<Status> {
  return withLoaded(states.load(organizationId), ({ ownKeyProviders }) =>
    keyStatusOf(provider, ownKeyProviders, platformProviders),
  );
}
