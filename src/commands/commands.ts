import type { Command } from './command.ts';

interface Entry {
  summary: string;
  /** Each is loaded when it is called: what the service needs takes time that the others need not wait for. */
  load: () => Promise<Command>;
}

/** What the program can be told, in the order of its help. */
export const commands: ReadonlyMap<string, Entry> = new Map([
  ['serve', { summary: 'starts the service (the default)', load: async () => (await import('./serve.ts')).serve }],
  [
    'migrate',
    { summary: 'applies the migrations to DATABASE_URL', load: async () => (await import('./migrate.ts')).migrate },
  ],
  [
    'bootstrap',
    {
      summary: 'creates an organization, and makes a user its owner',
      load: async () => (await import('./bootstrap.ts')).bootstrap,
    },
  ],
  [
    'token',
    { summary: 'prints a token for a person of the demo world', load: async () => (await import('./token.ts')).token },
  ],
  [
    'platform-key',
    {
      summary: 'makes, lists and revokes keys for all organizations',
      load: async () => (await import('./platform-key.ts')).platformKey,
    },
  ],
  [
    'rotate-master-key',
    {
      summary: 'seals the provider keys with the first of MASTER_KEYS',
      load: async () => (await import('./rotate-master-key.ts')).rotateMasterKey,
    },
  ],
  [
    'policy',
    {
      summary: 'keeps the policy of an organization in a file: export, plan, apply',
      load: async () => (await import('./policy/policy.ts')).policy,
    },
  ],
  [
    'mcp',
    {
      summary: 'tells agents which models they may use (MCP)',
      load: async () => (await import('./mcp/mcp.ts')).mcp,
    },
  ],
  [
    'relay',
    {
      summary: 'passes the snapshot of an organization on to many SDKs',
      load: async () => (await import('./relay/relay.ts')).relay,
    },
  ],
  ['backup', { summary: 'writes all data to a file', load: async () => (await import('./backup.ts')).backup }],
  [
    'restore',
    {
      summary: 'restores a backup into an empty database',
      load: async () => (await import('./restore.ts')).restore,
    },
  ],
  [
    'verify',
    {
      summary: 'says whether the ledger is as it was written',
      load: async () => (await import('./verify.ts')).verify,
    },
  ],
]);
