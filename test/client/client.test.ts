import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as client from '../../src/client/client.ts';
import { startService } from '../kit/service.ts';

const root = join(import.meta.dirname, '../..');
const execute = promisify(execFile);
const documents = Object.entries(client).flatMap(([name, value]) =>
  name.endsWith('Document') && typeof value === 'object' ? [{ name, document: value }] : [],
);

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelgate-client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe("a client's document", () => {
  it.each(documents)('$name has a text and the id of that text', ({ document }) => {
    const text = client.textOf(document);

    expect(parse(text).kind).toBe('Document');
    expect(client.idOf(document)).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
  });

  it('is answered: each of them, in the course of a day', async () => {
    const { ask, aWorld } = await startService();
    const { organization, admin } = await aWorld();
    const organizationId = organization.id;
    const tell = async <Data, Variables extends Record<string, unknown>>(
      document: DocumentTypeDecoration<Data, Variables>,
      variables: Variables,
    ) => {
      const { data, errors } = await ask<Data, Variables>(client.textOf(document), variables, { as: admin });
      expect(errors).toBe(undefined);
      asked.add(document);
      return data as Data;
    };
    // A subscription is not answered but followed: its own tests do.
    const asked = new Set<object>([client.OrganizationRevisionDocument]);

    const { caller } = await tell(client.CallerDocument, {});
    const { organizationModelSettings } = await tell(client.ModelSettingsDocument, { organizationId });
    const { updateModelSettings } = await tell(client.UpdateModelSettingsDocument, {
      input: { organizationId, disabledProviders: ['google'], expectedRevision: organizationModelSettings.revision },
    });
    const { createProviderKey } = await tell(client.CreateProviderKeyDocument, {
      input: { organizationId, provider: 'openai', name: 'Production', secret: 'sk-example-0123456789abcdef' },
    });
    const { createModelConfig } = await tell(client.CreateModelConfigDocument, {
      input: { organizationId, provider: 'openai', modelId: 'gpt-4.1', scope: 'ORGANIZATION' },
    });
    if (createModelConfig.__typename !== 'ModelConfig') throw new Error(createModelConfig.message);
    const { id } = createModelConfig;
    const { updateModelConfig } = await tell(client.UpdateModelConfigDocument, {
      input: { id, settings: { temperature: 0.2 } },
    });
    const { setModelConfigEnabled } = await tell(client.SetModelConfigEnabledDocument, {
      input: { id, isEnabled: true },
    });
    const { setDefaultModelConfig } = await tell(client.SetDefaultModelConfigDocument, { input: { id } });
    const { recordModelUsage } = await tell(client.RecordModelUsageDocument, {
      input: { organizationId, records: [{ id: 'req-1', modelConfigId: id, promptTokens: 12, completionTokens: 3 }] },
    });
    const { modelAccess } = await tell(client.ModelAccessDocument, { organizationId, modelKey: 'gpt-4.1' });
    const { models } = await tell(client.ModelsDocument, { organizationId, first: 3 });
    const effective = await tell(client.EffectiveDefaultModelDocument, { organizationId });
    const { modelConfigs } = await tell(client.ModelConfigsDocument, { organizationId, first: 3 });
    const keys = await tell(client.ProviderKeysDocument, { organizationId });
    const { modelUsageSeries } = await tell(client.ModelUsageSeriesDocument, {
      organizationId,
      granularity: 'DAY',
      from: '2026-11-22T00:00:00Z',
      to: '2026-11-23T00:00:00Z',
    });
    const { deleteModelConfig } = await tell(client.DeleteModelConfigDocument, { input: { id } });
    const history = await tell(client.RevisionsDocument, { organizationId });

    expect(caller.memberships).toMatchObject([{ organization: { id: organizationId }, role: 'ADMIN' }]);
    expect(updateModelSettings).toMatchObject({ disabledProviders: ['google'], revision: 1 });
    expect(createProviderKey).toMatchObject({ __typename: 'ProviderKey', last4: 'cdef' });
    expect(updateModelConfig).toMatchObject({ settings: { temperature: 0.2 }, keyStatus: 'CUSTOM' });
    expect(setModelConfigEnabled).toMatchObject({ isEnabled: true });
    expect(setDefaultModelConfig).toMatchObject({ isDefault: true });
    expect(recordModelUsage).toMatchObject({ recorded: 1 });
    expect(modelAccess).toMatchObject({ allowed: true, model: { id: 'mdl_openai/gpt-4.1' } });
    expect(models.edges).toHaveLength(3);
    expect(effective.organization?.effectiveDefaultModel).toMatchObject({ config: { id } });
    expect(modelConfigs.edges).toMatchObject([{ node: { id } }]);
    expect(keys.organization?.providerKeys?.edges).toMatchObject([{ node: { name: 'Production' } }]);
    expect(modelUsageSeries).toMatchObject([{ totalTokens: '15' }]);
    expect(deleteModelConfig).toMatchObject({ __typename: 'DeletedModelConfig', id });
    expect(history.organization?.revisions?.edges[0]?.node).toMatchObject({ action: 'MODEL_CONFIG_DELETED' });
    expect(documents.filter(({ document }) => !asked.has(document)).map(({ name }) => name)).toEqual([]);
  });
});

describe('modelgate/client', () => {
  it('loads where there is no other package, so that a browser may have it', async () => {
    const folder = await ownFolder();
    await cp(join(root, 'dist/src/client'), folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const script = `import { textOf, CallerDocument } from './client.js'; console.log(textOf(CallerDocument));`;

    const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });

    expect(stdout.trim()).toBe(client.textOf(client.CallerDocument));
  });

  it('types the answers and variables of an application that has it as a package', async () => {
    const folder = await ownFolder();
    await mkdir(join(folder, 'node_modules'));
    await symlink(root, join(folder, 'node_modules/modelgate'), 'junction');
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(
      join(folder, 'application.ts'),
      `import { type ModelAccessQuery, type ModelAccessQueryVariables, textOf, CallerDocument } from 'modelgate/client';
export const allowed = ({ modelAccess }: ModelAccessQuery): boolean => modelAccess.allowed;
export const text: string = textOf(CallerDocument);
// @ts-expect-error: the key of the model is missing.
export const variables: ModelAccessQueryVariables = { organizationId: 'org_abc123def456' };
`,
    );

    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const parameters = ['--noEmit', '--strict', '--module', 'nodenext', '--types', '', 'application.ts'];
    const { stdout } = await execute(process.execPath, [tsc, ...parameters], { cwd: folder });

    expect(stdout).toBe('');
  });
});
