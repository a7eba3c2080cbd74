import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { startService } from '../kit/service.ts';
import { followersOf, loseFeeds, revise, reviseQuickly, take } from '../kit/subscriptions.ts';

const service = await startService({ hub: { checkMs: 200, longestIdleMs: 1_000 } });
const { aWorld, database, db, takeStatements } = service;
const { follow, url } = await followersOf(service);
const another = service.anotherInstance();

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the stream of revisions', () => {
  it('has no gap and nothing twice, however often a client begins again while many write', async () => {
    const { organization, admin, owner, member } = await aWorld();
    const writing = Promise.all([admin, owner].map((as) => reviseQuickly(db, organization, { as, times: 60 })));

    const told: (number | undefined)[] = [];
    while (told.length < 120) {
      const events = await follow(organization, { as: member, sinceRevision: told.at(-1) ?? 0 });
      told.push(...(await take(events, Math.min(1 + (told.length % 23), 120 - told.length))));
      await events.return();
    }

    await writing;
    expect(told).toEqual(upTo(120));
  });

  it('misses nothing where the service loses the connection by which it listens', async () => {
    const { organization, admin, member } = await aWorld();
    const events = await follow(organization, { as: member });

    let lost = 0;
    for (const _ of upTo(5)) {
      lost += await loseFeeds(database);
      await reviseQuickly(db, organization, { as: admin, times: 10 });
    }

    expect(await take(events, 50)).toEqual(upTo(50));
    expect(lost).toBeGreaterThan(0);
    await events.return();
  });

  it('is read from the database once for all who follow', async () => {
    const { organization, admin, member } = await aWorld();
    const all = await Promise.all(upTo(50).map(() => follow(organization, { as: member })));
    takeStatements();

    await revise(another, organization, { as: admin });
    const told = await Promise.all(all.map((events) => take(events, 1)));
    await Promise.all(all.map((events) => events.return()));

    expect(told).toEqual(all.map(() => [1]));
    expect(takeStatements().filter((sql) => sql.includes('"Revision"'))).toHaveLength(1);
  });

  it('is cut off where the client does not read', async () => {
    const { organization, admin, member } = await aWorld();
    // 300 events of 100 kB: more than the system keeps for one connection.
    await db.organization.update({ where: { id: organization.id }, data: { name: 'x'.repeat(100_000) } });
    await reviseQuickly(db, organization, { as: admin, times: 300 });
    const query = `subscription {
      organizationRevision(organizationId: "${organization.id}", sinceRevision: 0) { organization { name } }
    }`;
    const socket = await sendWithoutReading(query, await mint({ sub: member.id }));

    // Who does not read learns by writing that nobody is there any more.
    const writing = setInterval(() => socket.write('\r\n'), 100);
    onTestFinished(() => clearInterval(writing));
    await expect(once(socket, 'close')).rejects.toThrow(/ECONNRESET|EPIPE/);
  });
});

async function sendWithoutReading(query: string, token: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.pause();
  socket.write(
    [
      'POST /graphql HTTP/1.1',
      `host: ${hostname}`,
      'accept: text/event-stream',
      'content-type: application/graphql',
      `authorization: Bearer ${token}`,
      `content-length: ${query.length}`,
      '',
      query,
    ].join('\r\n'),
  );
  return socket;
}
