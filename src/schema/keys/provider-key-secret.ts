import {
  type ProviderKeySecret as ProviderKeySecretShape,
  useProviderKey,
} from '../../domain/keys/provider-key-use.ts';
import { UnauthenticatedError, ValidationError } from '../../errors/base.ts';
import { builder } from '../builder.ts';
import { ProviderKey } from './provider-key.ts';

const ProviderKeySecret = builder.objectRef<ProviderKeySecretShape>('ProviderKeySecret').implement({
  description:
    'The plaintext of a provider key, for the service that calls the provider. It must not be stored or logged.',
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'The key as the provider issued it.' }),
    provider: t.string({
      description: "The provider's slug, such as `openai`.",
      resolve: ({ providerKey }) => providerKey.provider,
    }),
    providerKey: t.field({
      type: ProviderKey,
      nullable: true,
      description: 'The key, without its plaintext; null, with an error, for an API key without the scope READ.',
      resolve: ({ providerKey }) => providerKey,
    }),
  }),
});

builder.queryField('providerKeySecret', (t) =>
  t.field({
    type: ProviderKeySecret,
    description:
      'The plaintext of an active provider key, for services whose API key has the scope KEYS_USE, or whose platform key has keys:use; no user can read it. Each use is logged. Over HTTP by POST alone, since answers to GET may be cached.',
    args: { id: t.arg.id({ required: true, description: 'The id of the provider key.' }) },
    authScopes: (_root, { id }) => ({ usesProviderKey: id }),
    resolve: async (_root, { id }, { database, vault, actor, providerKeys, viewer: { service }, request }) => {
      if (request.method !== 'POST')
        throw new ValidationError([{ path: '', message: 'providerKeySecret is asked by POST alone' }]);
      const organizationId = await providerKeys.owners.load(id);
      if (!service || organizationId === null) throw new UnauthenticatedError();
      // The viewer may come from the session cache. The key of the service is checked again before a plaintext is answered.
      await actor().reauthorize(database(), organizationId);
      return useProviderKey(database(), vault(), { organizationId, keyId: service.keyId }, id);
    },
  }),
);
