import type { ClientConfig } from 'pg';
import { type ConnectionOptions, parse } from 'pg-connection-string';

/** A URL of a database that cannot be used. The message says what is wanted, and repeats nothing of the URL. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
}

/** What of a URL makes a connection, as `pg` takes it, and the names of the parameters in it that nothing comes of. */
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
  // For Prisma's own tools, which read the same variable: the tables are in "public", and a pooler is found out.
  ...['schema', 'pgbouncer'],
  // Always UTF-8.
  ...['encoding', 'client_encoding'],
]);
const ssl = new Map<unknown, ClientConfig['ssl']>([
  ['false', false],
  ['no-verify', { rejectUnauthorized: false }],
]);

/**
 * Reads what `pg` itself would read from a URL, but no parameter that could replace a setting of ours.
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
    // Where a server is asked for TLS its certificate is verified; `pg` does so too, but warns that it may change its mind.
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
