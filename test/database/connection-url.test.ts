import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { connectionConfig } from '../../src/database/pool/connection.ts';
import { DatabaseUrlError, readConnectionUrl } from '../../src/database/pool/connection-url.ts';

/** Where a client goes, and as whom. */
function aimOf(url: string) {
  const { host, port, user, database, ssl } = new pg.Client(connectionConfig(url));
  return { host, port, user, database, ssl };
}

describe('a database URL', () => {
  it.each([
    ['postgresql://u:p@h:6432/d', { host: 'h', port: 6432, user: 'u', database: 'd', ssl: false }],
    ['postgres://h/d?user=u&password=p&port=1', { host: 'h', port: 1, user: 'u', database: 'd' }],
    ['postgresql:///d?host=/var/run/postgresql', { host: '/var/run/postgresql', port: 5432, database: 'd' }],
    ['postgresql://u:p@/d?host=/tmp', { host: '/tmp', user: 'u', database: 'd' }],
    ['postgresql://%2Fvar%2Frun%2Fpostgresql/d', { host: '/var/run/postgresql', database: 'd' }],
    ['socket:/var/run/postgresql?db=d&user=u', { host: '/var/run/postgresql', user: 'u', database: 'd' }],
    ['/var/run/postgresql d', { host: '/var/run/postgresql', database: 'd' }],
    ['postgresql://u@[::1]:5433/d', { host: '::1', port: 5433 }],
    ['postgresql://u:p%23%40@h/d?schema=public&pgbouncer=true&sslmode=disable', { host: 'h', ssl: false }],
    ['postgresql://h/d?sslmode=require', { ssl: {} }],
    ['postgresql://h/d?sslmode=no-verify', { ssl: { rejectUnauthorized: false } }],
    ['postgresql://h/d?ssl=false', { ssl: false }],
  ])('is read as pg reads it: %s', (url, aim) => {
    expect(aimOf(url)).toMatchObject(aim);
    expect(readConnectionUrl(url).unused).toEqual([]);
  });

  it('takes no setting of ours away', () => {
    const url =
      'postgresql://h/d?options=-c%20TimeZone%3DUTC&statement_timeout=1&query_timeout=1&types=x&stream=x&max=1000';

    expect(connectionConfig(url, { query_timeout: 7 })).toMatchObject({ options: '-c TimeZone=UTC', query_timeout: 7 });
    expect(connectionConfig(url)).not.toHaveProperty('statement_timeout');
    expect(readConnectionUrl(url).unused).toEqual(['statement_timeout', 'query_timeout', 'types', 'stream', 'max']);
  });

  it.each([
    ['mysql://u:hunter2@h/d', /^must be a URL such as postgresql:/],
    ['host=h dbname=d password=hunter2', /^must be a URL such as postgresql:.* or socket:/],
    ['postgresql://u:hunter2#@h/d', /a name or password # .* are written %23/],
    ['postgresql://u:hunter2@h:port/d', /^must be a URL/],
    ['postgresql://u:hunter2@a,b/d', /^asks for several hosts; give one/],
    ['postgresql://u:hunter2@a:5432,b:5432/d', /^asks for several hosts; give one/],
    ['postgresql://u:hunter2@/d?host=a,b', /^asks for several hosts; give one/],
    ['postgresql://u:hunter2@h/d?port=five', /^asks for a port that is no number/],
    ['postgresql://u:hunter2@h/d?schema=other', /^asks for another schema; the tables are in "public"/],
    ['postgresql://u:hunter2@h/d?replication=database', /^asks for a replication connection/],
    ['postgresql://u:hunter2@h/d?sslmode=allow', /^asks for an unknown sslmode; give one of disable, /],
    ['postgresql://u:hunter2@h/d?ssl=yes', /^asks for an unknown value of ssl/],
    ['postgresql://u:hunter2@h/d?ssl=1&sslnegotiation=maybe', /^asks for an unknown sslnegotiation/],
    ['postgresql://u:hunter2@h/d?sslrootcert=/nowhere/ca.pem', /cannot be read: ENOENT.*'\/nowhere\/ca.pem'/],
  ])('that cannot be used is refused with the form that is wanted, and no password: %s', (url, words) => {
    const refusal = (() => {
      try {
        return readConnectionUrl(url);
      } catch (error) {
        return error;
      }
    })();

    expect(refusal).toBeInstanceOf(DatabaseUrlError);
    expect((refusal as Error).message).toMatch(words);
    expect((refusal as Error).message).not.toContain('hunter2');
  });

  it('verifies the certificate by a private authority', () => {
    const file = join(import.meta.dirname, 'connection-url.test.ts');

    expect(aimOf(`postgresql://h/d?sslmode=require&sslrootcert=${file}`).ssl).toEqual({
      ca: expect.stringContaining('verifies the certificate'),
    });
  });
});
