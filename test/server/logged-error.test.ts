import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { CreateConfig } from '../kit/config-operations.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { aReport, record } from '../kit/usage.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, database, logLines } = service;

/** A change of a table, by each of the ways in which statements are sent, that enters this text. */
const changes: [string, (world: World, text: string) => Promise<unknown>][] = [
  [
    'ModelConfig',
    ({ organization, admin }, text) => {
      const input = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4.1', settings: { text } };
      return ask(CreateConfig, { input }, { as: admin });
    },
  ],
  [
    'ModelSettings',
    ({ organization, admin }, text) =>
      ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels: [text] } }, { as: admin }),
  ],
  ['UsageRecord', ({ organization, admin }, id) => record(service, organization, admin, [aReport({ id })])],
];

describe('a constraint that a statement meets', () => {
  it.each(changes)('on %s is our fault, and is logged by its name, without the row', async (table, change) => {
    const world = await aWorld();
    const text = `entered-by-${world.admin.id}`;
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    const add = `ADD CONSTRAINT never CHECK ("organizationId" <> '${world.organization.id}')`;
    await owner.query(`ALTER TABLE "${table}" ${add}`);

    const answer = JSON.stringify(await change(world, text));
    await owner.query(`ALTER TABLE "${table}" DROP CONSTRAINT never`);
    await owner.end();

    expect(answer).toContain('INTERNAL_SERVER_ERROR');
    const lines = logLines().filter(({ err }) => err !== undefined);
    const logged = JSON.stringify(lines.at(-1));
    expect(logged).toContain('never');
    expect(logged).toContain(table);
    expect(logged).toContain('23514');
    for (const kept of [answer, logged]) expect(kept).not.toContain(text);
    expect(answer).not.toContain('never');
  });
});
