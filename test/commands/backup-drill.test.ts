import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { newApiKeyToken } from '../../src/domain/keys/api-key-token.ts';
import { newMasterKey } from '../../src/domain/vault/master-keys.ts';
import { aBlankDatabase, connectTo, dataOf } from '../kit/backup.ts';
import { createTestDatabase } from '../kit/database.ts';
import { mint } from '../kit/issuer.ts';
import { aServiceOn } from './external.ts';
import { expectKept, readKept } from './kept.ts';
import { startLoad } from './load.ts';
import { end, ownFolder, run } from './process.ts';

it('a backup that was made under load is restored, and a service goes on from it as if nothing had happened', async () => {
  const [database, target, folder] = [await createTestDatabase(), await aBlankDatabase(), await ownFolder()];
  onTestFinished(() => database.drop());
  const env = { MASTER_KEYS: newMasterKey('2026') };
  const [file, again] = [join(folder, 'first'), join(folder, 'again')];
  const apiKey = newApiKeyToken();
  const secret = 'sk-drill-1234567890';

  const first = await aServiceOn(database.url, env);
  const { world, organizationId } = first;
  const owner = await connectTo(database.ownerUrl);
  await owner.query(
    `INSERT INTO "ApiKey" ("id", "organizationId", "name", "hash", "last4", "scopes", "createdById", "createdAt")
     VALUES ('api_drill', $1, 'gateway', $2, $3, '{read,keys:use}', $4, now())`,
    [organizationId, Buffer.from(apiKey.hash), apiKey.last4, world.owner.id],
  );
  const made = await first.ask(
    `mutation { createProviderKey(input: { organizationId: "${organizationId}", provider: "openai", name: "x", secret: "${secret}" }) { ... on ProviderKey { id } } }`,
  );
  const keyId = (made.data?.createProviderKey as { id: string } | undefined)?.id;
  const secretOf = ({ ask }: typeof first) =>
    ask(`{ providerKeySecret(id: "${keyId}") { secret } }`, { authorization: `Bearer ${apiKey.token}` });
  const opened = await secretOf(first);
  const rename = `mutation { updateProviderKey(input: { id: "${keyId}", name: "once" }) { ... on ProviderKey { id name updatedAt } } }`;
  const renamed = await first.ask(rename, { 'idempotency-key': 'drill' });
  const token = { authorization: `Bearer ${await mint({ sub: world.member.id })}` };
  const load = startLoad(first.ask, organizationId);
  await load.progresses();

  const acknowledged = load.told();
  const saved = await run(['backup', '--out', file], { env: { DATABASE_URL: database.url } });
  await load.progresses();
  const { codes } = await load.stop();
  await end(first.service);
  const restored = await run(['restore', file], {
    env: { ...env, DATABASE_URL: target.url, MIGRATE_DATABASE_URL: target.ownerUrl },
  });
  await run(['backup', '--out', again], { env: { DATABASE_URL: target.url } });

  expect([saved.code, restored.code, [...codes]]).toEqual([0, 0, []]);
  const kept = await readKept(target.ownerUrl, organizationId);
  expectKept(kept, acknowledged);
  const [before, after] = await Promise.all(
    [file, again].map(async (path) => dataOf(gunzipSync(await readFile(path)).toString())),
  );
  expect(after).toBe(before);

  const second = await aServiceOn(target.url, env, world);
  const asMember = `{ organization(id: "${organizationId}") { revision name } modelConfigUsage(organizationId: "${organizationId}") { usageCount } }`;
  expect(await second.ask(asMember, token)).toMatchObject({
    data: {
      organization: { revision: kept.revision, name: world.organization.name },
      modelConfigUsage: [{ usageCount: String(kept.usages.length) }],
    },
  });
  expect(opened.data).toEqual({ providerKeySecret: { secret } });
  expect(await secretOf(second)).toEqual(opened);
  expect(await second.ask(rename, { 'idempotency-key': 'drill' })).toEqual(renamed);
  const forbidden = await second.ask(rename, token);
  expect(forbidden.data).toEqual({ updateProviderKey: {} });
  await second.disable('gpt-4o');
  expect(await second.read()).toMatchObject({ data: { organization: { revision: kept.revision + 1 } } });
});
