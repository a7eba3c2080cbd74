import { describe, expect, it } from 'vitest';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { followersOf, type Told } from '../kit/subscriptions.ts';

const service = await startService({ limits: { viewerPoints: 20, addressPoints: 0 } });
const unlimited = service.anotherInstance({ limits: { answerBytes: 50_000 } });
const { aWorld } = service;

/** An organization with so many revisions. */
async function aHistory(revisions: number, entry = (n: number) => `model-${n}`) {
  const world = await aWorld();
  for (let n = 1; n <= revisions; n += 1) {
    const input = { organizationId: world.organization.id, disabledModels: [entry(n)] };
    await unlimited.ask(UpdateSettings, { input }, { as: world.admin });
  }
  return world;
}

async function toEnd(events: AsyncGenerator<Told, void>): Promise<Told[]> {
  const told: Told[] = [];
  for await (const event of events) told.push(event);
  return told;
}

describe('an event of a subscription', () => {
  it('costs what the subscription costs, and the stream ends when the viewer has spent its points', async () => {
    const { organization, member } = await aHistory(12);
    const { follow } = await followersOf(service);

    const told = await toEnd(await follow(organization, { as: member, sinceRevision: 0 }));

    // Two points to begin, and two for each event: the revision and its actor.
    expect(told.map(({ data }) => data?.organizationRevision.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, undefined]);
    expect(told.at(-1)?.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  });

  it('is not told where it is longer than an answer may be, while those after it are', async () => {
    const { organization, admin } = await aHistory(2, (n) => (n === 1 ? 'x' : 'y'));
    const { follow } = await followersOf(unlimited);
    const long = Array.from({ length: 250 }, (_, n) => `${n}`.padEnd(200, 'z'));
    const input = { organizationId: organization.id, disabledModels: long };
    const query = `subscription ($organizationId: ID!, $sinceRevision: Int) {
      organizationRevision(organizationId: $organizationId, sinceRevision: $sinceRevision) {
        number action revision { changes { added } }
      }
    }`;
    const events = await follow(organization, { as: admin, sinceRevision: 1, query });

    const before = await events.next();
    await unlimited.ask(UpdateSettings, { input }, { as: admin });
    const during = await events.next();
    await unlimited.ask(UpdateSettings, { input: { ...input, disabledProviders: ['google'] } }, { as: admin });
    const after = await events.next();
    await events.return(undefined);

    expect(before.value).toMatchObject({ data: { organizationRevision: { number: 2 } } });
    expect(during.value).toMatchObject({ errors: [{ extensions: { code: 'ANSWER_TOO_LARGE' } }] });
    expect(after.value).toMatchObject({ data: { organizationRevision: { number: 4 } } });
  });
});
