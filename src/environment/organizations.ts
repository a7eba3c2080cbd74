import { organizationCreators } from '../limits.ts';
import { invitationUrl, masterKeys, oneOf, operators, platformProviders, signingKey } from './values.ts';
import type { Variable } from './variable.ts';

export const organizations = {
  MASTER_KEYS: {
    section: 'Provider keys',
    schema: masterKeys.optional(),
    description: 'The keys that encrypt provider keys: `id:base64,id:base64`; the first encrypts, all decrypt',
    details:
      'Each has 32 bytes. A new one: echo "2026:$(openssl rand -base64 32)". Not used without DATABASE_URL: the embedded ' +
      'mode keeps one in DATA_DIR. How to replace one, step by step: npm run rotate-master-key -- --help.',
    absent: 'none; required with `DATABASE_URL`',
    example: '2026:base64-of-32-bytes',
  },
  PLATFORM_PROVIDERS: {
    section: 'Provider keys',
    schema: platformProviders.optional(),
    description: 'Providers, by slug, at which you, the operator, have a key for every organization',
    details:
      'With commas between them. Their models have the key status PLATFORM for organizations without a key of their own.',
    absent: 'none',
    example: 'openai,anthropic',
  },
  LEDGER_SIGNING_KEY: {
    section: 'Ledger',
    schema: signingKey.optional(),
    description:
      'The private key that signs the [checkpoints](production.md#verify-the-ledger) of the ledger once a day, and [snapshots](sdk.md#what-is-trusted)',
    details:
      'Ed25519 or P-256, as PKCS#8 in Base64 (one line) or PEM, or as a JWK. A new one: openssl genpkey -algorithm ed25519 ' +
      '-outform DER | base64 -w0. Keep its public key when you replace it: earlier checkpoints are verified with that.',
    absent: 'none, no checkpoints, and snapshots are not signed; the embedded mode signs with its key in `DATA_DIR`',
    example: 'base64-of-the-private-key',
  },
  ORGANIZATION_CREATION: {
    section: 'Organizations',
    schema: oneOf(organizationCreators).optional(),
    description: 'Who may create organizations, by `createOrganization`',
    details:
      'anyone is every signed-in user. Platform keys with organizations:write may too, unless it is nobody. Organizations ' +
      'that tokens name, and those of npm run bootstrap, need no such permission.',
    absent: '`anyone` in the embedded mode, else `operators`',
    example: 'operators',
  },
  OPERATORS: {
    section: 'Organizations',
    schema: operators.optional(),
    description: 'Who operates the service: ids of users, with commas between them',
    details: 'Each reads its own by { caller { user { id } } }.',
    absent: 'none',
    example: 'usr_01m8254h0ff6fv3azyjfyw9wa5,user_2abc',
  },
  INVITATION_URL: {
    section: 'Organizations',
    schema: invitationUrl.optional(),
    description:
      'The page of your application on which invitations are accepted, with the ids as `{organizationId}` and `{invitationId}`',
    details: 'Invitations have it as their link, for the mail that you send.',
    absent: 'none (invitations have no `link`)',
    example: 'https://app.example.com/join/{organizationId}/{invitationId}',
  },
} satisfies Record<string, Variable>;
