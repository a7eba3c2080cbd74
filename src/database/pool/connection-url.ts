import type { ClientConfig } from 'pg';
import { type ConnectionOptions, parse } from 'pg-connection-string';

/** The URL of a database is invalid. The message says what is expected, and quotes nothing of the URL. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}

/** The connection that a URL describes, as `pg` takes it, and the names of its parameters that have no effect. */
export interface ConnectionUrl {
  config: ClientConfig;
  unused: string[];
}

const forms =
  'must be a URL such as postgresql://user:password@host:5432/database, or socket:/folder?db=database for a Unix socket';
const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];
const used = new Set([
  ...['host', 'port', 'user', 'password', 'db', 'options', 'application_name', 'fallback_application_name'],
  ...['ssl', 'sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'sslnegotiation', 'uselibpqcompat', 'channel_binding'],
  // Of Prisma's own tools, which read the same variable. The tables are always in "public", and a pooler is detected.
  ...['schema', 'pgbouncer'],
  // Always UTF-8.
  ...['encoding', 'client_encoding'],
]);
const ssl = new Map<unknown, ClientConfig['ssl']>([
  ['false', false],
  ['no-verify', { rejectUnauthorized: false }],
]);

/**
 * Reads the same parameters of a URL as `pg`, except those that could replace a required setting.
 *
 * @throws DatabaseUrlError
 */
export function readConnectionUrl(url: string): ConnectionUrl {
  if (!/^(postgres(ql)?:\/\/|socket:|\/)/i.test(url)) throw new DatabaseUrlError(forms);
  const hosts = /^\w+:\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(url)?.[1] ?? '';
  if (hosts.includes(','))
    refuse('several hosts', 'give one: that of a proxy, or a name that always leads to the primary');

  const parsed = parseUrl(url);
  check(parsed);
  const { host, port, user, password, database, sslnegotiation, options, application_name } = parsed;
  return {
    config: {
      ...(host && { host }),
      ...(port && { port: Number(port) }),
      ...(user && { user }),
      ...(password && { password }),
      ...(database && { database }),
      ...(parsed.ssl !== undefined && { ssl: ssl.get(parsed.ssl) ?? (parsed.ssl as ClientConfig['ssl']) }),
      ...(sslnegotiation && { sslnegotiation }),
      ...(options && { options }),
      ...(application_name && { application_name }),
      fallback_application_name: parsed.fallback_application_name ?? 'modelgate',
      enableChannelBinding: parsed.channel_binding !== undefined && parsed.channel_binding !== 'disable',
    },
    unused: Object.keys(parsed).filter((name) => !used.has(name) && name !== 'database'),
  };
}

function parseUrl(url: string): ConnectionOptions {
  try {
    // With TLS the server's certificate is always verified. `pg` does the same, but logs a warning that this may change.
    const isLibpqCompatible = /[?&]uselibpqcompat=true(&|$)/.test(url);
    return parse(
      isLibpqCompatible ? url : url.replace(/([?&]sslmode=)(prefer|require|verify-ca)(?=&|$)/, '$1verify-full'),
    );
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) {
      throw new DatabaseUrlError(`names a certificate or key that cannot be read: ${error.message}`);
    }
    throw new DatabaseUrlError(
      `${forms}; in a name or password # / ? @ : and % are written %23 %2F %3F %40 %3A and %25`,
    );
  }
}

function check({ host, port, schema, replication, sslmode, ssl: isSsl, sslnegotiation }: ConnectionOptions): void {
  if (host?.includes(',')) refuse('several hosts', 'give one');
  if (port && !/^\d{1,5}$/.test(port)) refuse('a port that is no number', 'give one from 1 to 65535');
  if (schema !== undefined && schema !== 'public') {
    refuse(
      'another schema',
      'the tables are in "public": leave "schema" out, and give Modelgate a database of its own',
    );
  }
  if (replication !== undefined) refuse('a replication connection', 'leave "replication" out');
  if (sslmode !== undefined && !sslModes.includes(String(sslmode))) {
    refuse('an unknown sslmode', `give one of ${sslModes.join(', ')}`);
  }
  if (typeof isSsl === 'string' && !['true', 'false', 'no-verify'].includes(isSsl)) {
    refuse('an unknown value of ssl', 'give true, false or no-verify');
  }
  if (sslnegotiation !== undefined && !['postgres', 'direct'].includes(sslnegotiation)) {
    refuse('an unknown sslnegotiation', 'give postgres or direct');
  }
}

function refuse(what: string, remedy: string): never {
  throw new DatabaseUrlError(`asks for ${what}; ${remedy}`);
}
