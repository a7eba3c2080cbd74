import { parseArgs } from 'node:util';
import { unmetRequirement } from '../database/migrate/requirements.ts';
import { createDatabase, type Database } from '../database/pool/client.ts';
import { CacheLease } from '../domain/feed/cache-lease.ts';
import { createPeers } from '../domain/feed/peers.ts';
import { apiKeyStatusOf } from '../domain/keys/api-key.ts';
import {
  findPlatformKeys,
  type PlatformKey,
  type PlatformKeyScope,
  platformKeyScopes,
} from '../domain/keys/platform-key.ts';
import { createPlatformKey, revokePlatformKey } from '../domain/keys/platform-key-change.ts';
import { keyName } from '../domain/keys/provider-key-input.ts';
import { commandLine } from '../program.ts';
import { type Command, UsageError } from './command.ts';
import { withConnection } from './connection.ts';
import { withDatabase } from './embedded-database.ts';
import { readOwnEnvironment } from './own-environment.ts';
import { say } from './say.ts';

const usage = `Usage: ${commandLine('platform-key', 'create --name NAME --scopes SCOPE,… [--expires 90d] [--json]')}
       ${commandLine('platform-key', 'list [--json]')}
       ${commandLine('platform-key', 'revoke ID [--json]')}

A platform key lets a service, such as a gateway, act in every organization: in the one that each request names, by its path or
by the header X-Organization-Id. It is kept in DATABASE_URL, or in the embedded database of DATA_DIR, as a hash.

  create       makes a key, and prints it; it cannot be shown again
  list         tells all keys, also those that have expired or were revoked
  revoke       revokes the key with this id (plk_…) for good; when it is done, no process of the service accepts it

  --name       what it is for, for people
  --scopes     what it may do, separated by commas: ${platformKeyScopes.join(', ')}
  --expires    how long it holds: 12h, 90d, 52w; without it until it is revoked
  --json       prints JSON
`;

const json = { json: { type: 'boolean', default: false } } as const;

const verbs: Readonly<Record<string, (parameters: string[]) => Promise<void>>> = {
  create: async (args) => {
    const options = {
      name: { type: 'string' },
      scopes: { type: 'string' },
      expires: { type: 'string' },
      ...json,
    } as const;
    const { values } = parseArgs({ args, options });
    const now = new Date();
    const asked = { name: nameOf(values.name), scopes: scopesOf(values.scopes), expiresAt: endOf(values.expires, now) };
    const { platformKey, secret } = await inDatabase((db) => createPlatformKey(db, asked, now));
    if (values.json) return print(JSON.stringify({ ...shown(platformKey, now), secret }));
    say(`Created ${inWords(platformKey, now)}. The key is shown this once:`);
    print(secret);
  },
  list: async (args) => {
    const { values } = parseArgs({ args, options: json });
    const now = new Date();
    const keys = await inDatabase(findPlatformKeys);
    if (values.json) return print(JSON.stringify(keys.map((key) => shown(key, now))));
    if (keys.length === 0) return say('There is no platform key.');
    for (const key of keys) print(inWords(key, now));
  },
  revoke: async (args) => {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: json });
    const [id, ...more] = positionals;
    if (id === undefined || more.length > 0) throw new UsageError(`Which key? Give one id (plk_…).\n\n${usage}`);
    const now = new Date();
    const revoked = await inDatabase(async (db) => {
      const found = await revokePlatformKey(db, id, now);
      // Until no process accepts the key from its cache.
      if (found) await createPeers(db, new CacheLease())();
      return found;
    });
    if (!revoked)
      throw new UsageError(
        `There is no platform key ${JSON.stringify(id)}: see ${commandLine('platform-key', 'list')}`,
      );
    print(values.json ? JSON.stringify(shown(revoked, now)) : `Revoked: ${inWords(revoked, now)}`);
  },
};

export const platformKey: Command = {
  usage,
  run: async ([verb, ...parameters]) => {
    const run = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (run) return run(parameters);
    const fault = verb === undefined ? 'What' : `There is no "platform-key ${verb}". What`;
    throw new UsageError(`${fault} shall be done?\n\n${usage}`);
  },
};

function inDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const environment = readOwnEnvironment({ needsAuth: false });
  return withDatabase(environment, (url) =>
    withConnection(url, async (client) => {
      const fault = await unmetRequirement(client);
      if (fault !== null) throw new UsageError(fault);
      const db = createDatabase(url, { poolSize: 1, preparedStatements: environment.preparedStatements });
      return work(db).finally(() => db.$disconnect());
    }),
  );
}

function nameOf(text: string | undefined): string {
  if (text === undefined) throw new UsageError(`What is it for? Give --name.\n\n${usage}`);
  const { data: name, error } = keyName.safeParse(text);
  if (error) throw new UsageError(`--name ${error.issues.map(({ message }) => message).join('; ')}.`);
  return name;
}

function scopesOf(text: string | undefined): PlatformKeyScope[] {
  if (text === undefined) throw new UsageError(`What may it do? Give --scopes.\n\n${usage}`);
  const named = text.split(',').map((scope) => scope.trim());
  const unknown = named.find((scope) => !platformKeyScopes.some((one) => one === scope));
  if (unknown !== undefined)
    throw new UsageError(`${JSON.stringify(unknown)} is no scope. There are: ${platformKeyScopes.join(', ')}.`);
  if (named.includes('organizations:write') && !named.includes('read'))
    throw new UsageError('organizations:write needs read too: it is answered with the organization.');
  return platformKeyScopes.filter((scope) => named.includes(scope));
}

const unitMs = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

function endOf(text: string | undefined, now: Date): Date | null {
  if (text === undefined) return null;
  const [, count, unit] = /^([1-9]\d{0,3})([hdw])$/.exec(text) ?? [];
  if (unit === undefined) throw new UsageError(`"${text}" is not a duration. Give, for example, 12h, 90d or 52w.`);
  return new Date(now.getTime() + Number(count) * unitMs[unit as keyof typeof unitMs]);
}

function shown(key: PlatformKey, now: Date) {
  return { ...key, status: apiKeyStatusOf(key, now) };
}

function inWords(key: PlatformKey, now: Date): string {
  const { id, name, last4, scopes, createdAt, expiresAt, revokedAt } = key;
  const ends = {
    ACTIVE: expiresAt === null ? 'does not expire' : `expires ${expiresAt.toISOString()}`,
    EXPIRED: `expired ${expiresAt?.toISOString()}`,
    REVOKED: `revoked ${revokedAt?.toISOString()}`,
  }[apiKeyStatusOf(key, now)];
  return `${id} "${name}" (…${last4}), ${scopes.join(',')}, created ${createdAt.toISOString()}, ${ends}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
