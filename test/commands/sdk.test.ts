import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import { connect } from '../../src/sdk/connect.ts';
import type { GateError } from '../../src/sdk/types.ts';
import { createTestDatabase } from '../kit/database.ts';
import { mint } from '../kit/issuer.ts';
import { environmentOn } from './external.ts';
import { addressOf, runs } from './process.ts';

const until = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 30_000 });

it('a process with the SDK decides on while the service is killed, and by its changes once it was started again', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  const env = { ...(await environmentOn(database.url)), LEDGER_SIGNING_KEY: key };
  const first = runs(['serve'], { env });
  const url = await addressOf(first);
  const organizationId = 'org_newcomers';
  const token = await mint({ sub: 'usr_newcomer', org_id: organizationId, org_role: 'org:admin' });
  const disable = async (...disabledModels: string[]) => {
    const query = 'mutation ($input: UpdateModelSettingsInput!) { updateModelSettings(input: $input) { __typename } }';
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { input: { organizationId, disabledModels } } }),
    });
    return response.json();
  };
  await disable('gpt-4o');
  const gate = await connect({ url, apiKey: token, organizationId, pollMs: 200 });
  onTestFinished(() => gate.close());
  const errors: GateError[] = [];
  gate.on('error', (error) => void errors.push(error));

  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  await until(() => errors.length > 1);
  const meanwhile = ['gpt-4o', 'gpt-4.1'].map((model) => gate.decide({ model }).allowed);
  await addressOf(runs(['serve'], { env: { ...env, PORT: new URL(url).port } }));
  const changed = await disable('gpt-4.1');
  await until(() => gate.decide({ model: 'gpt-4o' }).allowed);

  expect(meanwhile).toEqual([false, true]);
  expect(changed).toMatchObject({ data: { updateModelSettings: { __typename: 'OrganizationModelSettings' } } });
  expect(gate.decide({ model: 'gpt-4.1' })).toMatchObject({ allowed: false, reasons: ['MODEL_DISABLED'] });
  expect(gate.snapshot().signature).toMatch(/alg="EdDSA"/);
});
