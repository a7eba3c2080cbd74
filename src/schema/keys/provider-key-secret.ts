import {
  type ProviderKeySecret as ProviderKeySecretShape,
  useProviderKey,
} from '../../domain/keys/provider-key-use.ts';
import { UnauthenticatedError, ValidationError } from '../../errors/base.ts';
import { builder } from '../builder.ts';
import { ProviderKey } from './provider-key.ts';

const ProviderKeySecret = builder.objectRef<ProviderKeySecretShape>('ProviderKeySecret').implement({
  description:
    'The plaintext of a provider key, for the service that calls the provider. It must not be kept or logged.',
  fields: (t) => ({
    secret: t.exposeString('secret', { description: 'The key as the provider issued it.' }),
    provider: t.string({
      description: "The provider's slug, such as `openai`.",
      resolve: ({ providerKey }) => providerKey.provider,
    }),
    providerKey: t.field({
      type: ProviderKey,
      nullable: true,
      description: 'What may be told of the key; null, with an error, for an API key without the scope READ.',
      resolve: ({ providerKey }) => providerKey,
    }),
  }),
});

builder.queryField('providerKeySecret', (t) =>
  t.field({
    type: ProviderKeySecret,
    description:
      'The plaintext of an active provider key, for services whose API key has the scope KEYS_USE; no user is told it. Each time is kept in the log of uses. Over HTTP by POST alone: what answers GET may be cached.',
    args: { id: t.arg.id({ required: true, description: 'The id of the provider key.' }) },
    authScopes: (_root, { id }) => ({ usesProviderKey: id }),
    resolve: async (_root, { id }, { database, vault, actor, viewer: { service }, method }) => {
      if (method !== 'POST')
        throw new ValidationError([{ path: '', message: 'providerKeySecret is asked by POST alone' }]);
      if (!service) throw new UnauthenticatedError();
      // Who it is may be remembered; whether its key still lets it in is asked before a plaintext is told.
      await actor().reauthorize(database(), service.organizationId);
      return useProviderKey(database(), vault(), service, id);
    },
  }),
);
