import { startContender } from '../contender.ts';
import { fillConfigs, models } from '../fill.ts';
import { configsPerOrganization, organizationId, userOf } from '../processes/population.ts';
import { median } from '../table.ts';
import type { Verdict } from '../verdict.ts';
import type { World } from '../world.ts';
import { countStatements } from './statement-counter.ts';

const organization = 700;
const members = 100_000;
const configs = 1_000;
const entries = 250;
const revisions = 10_000;
const times = 30;

/** What a dry run costs in a large organization, and a policy of long ago. */
export async function measurePolicy(world: World, say: (line: string) => void): Promise<Verdict[]> {
  say(`  filling an organization with ${members} members, ${configs} configurations and ${revisions} revisions`);
  const { owner, databaseUrl } = world;
  const id = organizationId(organization);
  await owner.query(`INSERT INTO "User" ("id") SELECT 'usr_many_' || n FROM generate_series(1, $1::int) n`, [members]);
  await owner.query(
    `INSERT INTO "Membership" ("organizationId", "userId", "role") SELECT $1, 'usr_many_' || n, 'MEMBER' FROM generate_series(1, $2::int) n`,
    [id, members],
  );
  await fillConfigs(owner, { from: organization, to: organization + 1, each: configs, after: configsPerOrganization });
  await owner.query(
    `INSERT INTO "Revision" ("id", "organizationId", "number", "at", "action", "subjectId", "before", "after")
     SELECT 'rev_' || $1 || n, $1, o."revision" + n, now(),
       CASE WHEN n % 100 = 1 THEN 'MODEL_SETTINGS_UPDATED' ELSE 'MODEL_CONFIG_UPDATED' END,
       CASE WHEN n % 100 = 1 THEN replace($1, 'org_', 'oms_') ELSE 'cfg_of_bench' END, '{}', jsonb_build_object('disabledModels', ARRAY['model-of-' || n])
     FROM "Organization" o, generate_series(1, $2::int) n WHERE o."id" = $1`,
    [id, revisions],
  );
  const { rows } = await owner.query(
    `UPDATE "Organization" SET "revision" = "revision" + $2 WHERE "id" = $1 RETURNING "revision"`,
    [id, revisions],
  );
  const newest: number = rows[0].revision;
  for (const table of ['User', 'Membership', 'Revision']) await owner.query(`VACUUM ANALYZE "${table}"`);

  const counter = await countStatements(databaseUrl);
  const running = await startContender('modelgate', world, { databaseUrl: counter.databaseUrl });
  const token = world.mint(userOf(organization));
  const ask = async (query: string, variables: object, word: string) => {
    counter.take();
    const begun = performance.now();
    const response = await fetch(`${running.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const body = await response.text();
    const ms = performance.now() - begun;
    if (!body.includes(word)) throw new Error(`${response.status} ${body.slice(0, 500)}`);
    return { ms, statements: counter.take() };
  };
  const repeated = async (one: (index: number) => Promise<{ ms: number; statements: number }>) => {
    for (let index = 0; index < times; index += 1) await one(index);
    const found = [];
    for (let index = 0; index < times; index += 1) found.push(await one(index));
    return { ms: median(found.map(({ ms }) => ms)), statements: median(found.map(({ statements }) => statements)) };
  };

  const disabledModels = Array.from({ length: entries }, (_, index) => {
    const model = models[index];
    return model ? `${model.provider}/${model.modelId}` : `absent-${index}`;
  });
  const preview = await repeated((index) =>
    ask(
      dryRun,
      {
        input: {
          organizationId: id,
          disabledModels: [...disabledModels.slice(1), `x-${index}`],
          defaultModelKey: null,
          dryRun: true,
        },
      },
      'newlyBlockedCount',
    ),
  );
  const past = await repeated((index) =>
    ask(policyAt, { id, at: newest - revisions + 1 + Math.floor((index * revisions) / times) }, 'model-of-'),
  );
  await running.stop();
  counter.close();
  return [
    {
      title: `a dry run with its impact: ${entries} entries, ${configs} configurations, ${members} members`,
      value: `${preview.ms.toFixed(1)} ms`,
      needed: '≤ 100 ms',
      isReached: preview.ms <= 100,
    },
    {
      title: `the policy at any of ${revisions} revisions; its statements, beside that of the organization`,
      value: `${past.ms.toFixed(1)} ms; ${past.statements - 1}`,
      needed: '≤ 20 ms; = 1',
      isReached: past.ms <= 20 && past.statements === 2,
    },
  ];
}

const dryRun = `mutation ($input: UpdateModelSettingsInput!) { updateModelSettings(input: $input) { ... on PolicyPreview {
  changes { field } document impact { newlyBlocked { model { id } before after recentUses recentUsers } newlyBlockedCount
  newlyAllowedCount modelConfigs { id } modelConfigCount hiddenModelConfigCount defaults { members } membersLeftWithoutModel
  recentUses recentCost } } ... on ModelgateError { code message } } }`;

const policyAt = `query ($id: ID!, $at: Int!) { organization(id: $id) { policy(atRevision: $at) { revision document } } }`;
