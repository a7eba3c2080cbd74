import { auditServer } from 'graphql-http';
import { expect, it, onTestFinished } from 'vitest';
import { environmentOn } from '../commands/external.ts';
import { addressOf, runs } from '../commands/process.ts';
import { createTestDatabase } from '../kit/database.ts';
import { mint } from '../kit/issuer.ts';

it('passes all audits of GraphQL over HTTP: what it must, should and may do', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const url = await addressOf(runs(['serve'], { env: await environmentOn(database.url) }));
  const authorization = `Bearer ${await mint({ sub: 'usr_auditor' })}`;
  const fetchFn = (input: string, init?: RequestInit) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', authorization);
    return fetch(input, { ...init, headers });
  };

  const results = await auditServer({ url: `${url}/graphql`, fetchFn });

  expect(results.flatMap((result) => (result.status === 'ok' ? [] : [`${result.name}: ${result.reason}`]))).toEqual([]);
  expect(results).toHaveLength(61);
});
