import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { environmentOn } from '../commands/external.ts';
import { addressOf, projectFolder, run, runs } from '../commands/process.ts';
import { createTestDatabase } from '../kit/database.ts';
import { mint } from '../kit/issuer.ts';
import { buildWorld } from '../kit/world.ts';

const tsx = join(projectFolder, 'node_modules/.bin/tsx');

it('the example of a typed client runs against a service, as often as one likes', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const db = createDatabase(database.url);
  const { organization, admin, member } = await buildWorld(db).finally(() => db.$disconnect());
  const url = await addressOf(runs(['serve'], { env: await environmentOn(database.url) }));
  const runAs = async ({ id }: { id: string }) => {
    const env = { MODELGATE_URL: `${url}/graphql`, TOKEN: await mint({ sub: id }) };
    return run(['examples/typed-client.ts'], { program: tsx, env });
  };

  const first = await runAs(admin);
  const [again, refused] = await Promise.all([runAs(admin), runAs(member)]);

  const providers = 'aitronos, anthropic, cohere, google, mistral, openai';
  const decisions = ['claude-sonnet-4-6: allowed', 'mistral-large-2512: PROVIDER_DISABLED', 'gpt-9: UNKNOWN_MODEL'];
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout.trim().split('\n')).toEqual([
    `${admin.name} is ADMIN of ${organization.name}.`,
    'At revision 0, disabled are: none.',
    'At revision 1, disabled are: mistral.',
    `There is no opnai among ${providers}.`,
    ...decisions,
  ]);
  expect(again.stdout).toContain('At revision 1, disabled are: mistral.\nAt revision 1, disabled are: mistral.\n');
  expect(refused.stdout).toContain('Refused (INSUFFICIENT_PERMISSIONS): ');
});
