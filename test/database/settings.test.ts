import pg from 'pg';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { createDatabase } from '../../src/database/pool/client.ts';
import { createChangeFeed } from '../../src/domain/feed/change-feed.ts';
import { createTestDatabase } from '../kit/database.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startPooler } from '../kit/pooler.ts';
import { startInstance } from '../kit/service.ts';
import { aReport, ReadSeries, record } from '../kit/usage.ts';
import { buildWorld } from '../kit/world.ts';

/** What an operator, or a hosting, may have set, each of which would change what statements mean or answer. */
const settings = {
  TimeZone: 'America/New_York',
  DateStyle: 'SQL, DMY',
  IntervalStyle: 'sql_standard',
  search_path: 'other',
  client_encoding: 'LATIN1',
  default_transaction_isolation: 'serializable',
  standard_conforming_strings: 'off',
  bytea_output: 'escape',
  statement_timeout: '2s',
  idle_in_transaction_session_timeout: '2s',
};

const database = await createTestDatabase();
const owner = new pg.Client({ connectionString: database.ownerUrl });
// Who may set what counts for itself.
const role = new pg.Client({ connectionString: database.url });
await Promise.all([owner.connect(), role.connect()]);
afterAll(async () => {
  await Promise.all([owner.end(), role.end()]);
  await database.drop();
});

const name = new URL(database.url).pathname.slice(1);
const setAll = async (client: pg.Client, whom: string) => {
  const change = (what: (setting: [string, string]) => string) =>
    client.query(
      Object.entries(settings)
        .map((setting) => `ALTER ${whom} ${what(setting)}`)
        .join('; '),
    );
  await change(([setting, value]) => `SET ${setting} TO ${setting === 'DateStyle' ? value : `'${value}'`}`);
  onTestFinished(() => change(([setting]) => `RESET ${setting}`).then(() => {}));
  return database.url;
};
const setAllOnTheRole = () => setAll(role, `ROLE modelgate IN DATABASE ${name}`);

/** The places where it can be set, each with the URL that a service connects by then. */
const places: [string, () => Promise<string>][] = [
  ['nowhere', async () => database.url],
  ['on the role', setAllOnTheRole],
  ['on the database', () => setAll(owner, `DATABASE ${name}`)],
  [
    'in the URL',
    async () => {
      const url = new URL(database.url);
      const given = Object.entries(settings).map(([setting, value]) => `-c ${setting}=${value.replaceAll(' ', '\\ ')}`);
      url.searchParams.set('options', given.join(' '));
      return url.href;
    },
  ],
  [
    'in the environment of the process',
    async () => {
      vi.stubEnv('PGOPTIONS', '-c TimeZone=America/New_York -c search_path=other');
      vi.stubEnv('PGCLIENTENCODING', 'LATIN1');
      onTestFinished(() => void vi.unstubAllEnvs());
      return database.url;
    },
  ],
];

/** A service by this URL, and what it is to be asked. */
async function aServiceBy(url: string) {
  const feed = createChangeFeed(url);
  const db = createDatabase(url, { statementMs: 60_000 });
  onTestFinished(async () => {
    await feed.close();
    await db.$disconnect();
  });
  const service = startInstance(() => db, readCatalog(), { changeFeed: feed });
  return { ...service, db, feed };
}

/** The moments in the database itself, which no setting of a connection changes. */
async function whatIsKept(organizationId: string) {
  const ask = async (column: string, table: string) => {
    const text = `SELECT extract(epoch FROM "${column}") AS at FROM "${table}" WHERE "organizationId" = $1 ORDER BY at DESC`;
    const found = await owner.query<{ at: string }>(text, [organizationId]);
    return found.rows.map(({ at }) => new Date(Number(at) * 1000).toISOString());
  };
  const [settings = ''] = await ask('updatedAt', 'ModelSettings');
  const [expiry] = await ask('expiresAt', 'ApiKey');
  return { settings, expiry, revisions: await ask('at', 'Revision') };
}

const behindPooler = async () => {
  await setAllOnTheRole();
  return (await startPooler(database.url, { drops: true })).url;
};

describe('whatever is set elsewhere', () => {
  it.each([...places, ['on the role, behind a pooler that loses what its clients ask for', behindPooler] as const])(
    'all is answered and kept alike: %s',
    async (_, set) => {
      const { ask, db, feed, ...service } = await aServiceBy(await set());
      const world = await buildWorld(db);
      const { organization, admin, owner: boss } = world;
      const told: unknown[] = [];
      const isHeard = set !== behindPooler;
      if (isHeard) await expect.poll(() => feed.isConnected).toBe(true);
      feed.subscribe((event) => void (event.kind === 'revision' && told.push(event)));
      const text = "Größe € 漢 \\ 'x'";

      const key = await anApiKey({ ...service, ask }, world, ['READ'], '2026-11-22T13:00:00Z');
      const input = { organizationId: organization.id, disabledModels: [text] };
      const change = () => ask(UpdateSettings, { input }, { as: admin, headers: { 'idempotency-key': 'settings' } });
      const changes = [await change(), await change()];
      await record({ ask }, organization, admin, [aReport({ usedAt: '2026-02-01T00:30:00Z' })]);
      const hour = { granularity: 'HOUR', from: '2026-01-31T23:00:00Z', to: '2026-02-01T02:00:00Z' } as const;
      const series = await ask(ReadSeries, { organizationId: organization.id, ...hour }, { as: boss });
      const list = `{ organization(id: "${organization.id}") {
      name modelSettings { disabledModels updatedAt } apiKeys { edges { node { expiresAt status } } }
      revisions { edges { node { at } } } } }`;
      const read = await ask(list, {}, { as: boss });
      const byKey = await ask(`{ caller { __typename } }`, {}, { token: key.token });

      expect(changes[1]?.data).toEqual(changes[0]?.data);
      expect(changes[1]?.headers.get('idempotency-replayed')).toBe('true');
      expect(series.data?.modelUsageSeries.map(({ at, usageCount }) => [at, usageCount])).toEqual([
        ['2026-01-31T23:00:00.000Z', '0'],
        ['2026-02-01T00:00:00.000Z', '1'],
        ['2026-02-01T01:00:00.000Z', '0'],
      ]);
      const { settings, ...kept } = await whatIsKept(organization.id);
      expect(read.data).toEqual({
        organization: {
          name: 'Brightwater',
          modelSettings: { disabledModels: [text], updatedAt: settings },
          apiKeys: { edges: [{ node: { expiresAt: '2026-11-22T13:00:00.000Z', status: 'ACTIVE' } }] },
          revisions: { edges: kept.revisions.map((at) => ({ node: { at } })) },
        },
      });
      expect(kept.expiry).toBe('2026-11-22T13:00:00.000Z');
      expect(Math.abs(Date.parse(settings) - Date.now())).toBeLessThan(3_600_000);
      expect(byKey.errors).toBeUndefined();
      await expect.poll(() => told.length).toBe(isHeard ? 2 : 0);
    },
  );

  it.each(places)('statements run as they are meant to: %s', async (_, set) => {
    const db = createDatabase(await set(), { statementMs: 60_000 });
    onTestFinished(() => db.$disconnect());

    const [shown] =
      await db.query`SELECT current_setting('transaction_isolation') AS isolation, current_setting('statement_timeout') AS statement,
        current_setting('idle_in_transaction_session_timeout') AS idle, current_setting('TimeZone') AS zone`;

    expect(shown).toEqual({ isolation: 'read committed', statement: '1min', idle: '1min', zone: 'UTC' });
  });
});
