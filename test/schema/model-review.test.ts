import { describe, expect, it } from 'vitest';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { anEntry } from '../catalog/entries.ts';
import { graphql } from '../generated/gql.ts';
import { CreateConfig } from '../kit/config-operations.ts';
import { AskAccess } from '../kit/operations.ts';
import { ChangePolicy } from '../kit/policy.ts';
import { ApplyPolicy } from '../kit/policy-documents.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const former = ['nova-1', 'nova-mini'].map((modelId, displayOrder) =>
  anEntry({
    modelId,
    baseModel: modelId,
    displayName: `Name of ${modelId}`,
    displayOrder,
    addedAt: '2026-11-01',
    supportsSearch: true,
  }),
);
const newer = [
  ['openai', 'nova-2'],
  ['openai', 'nova-3'],
  ['aitronos', 'nova-3'],
].map(([provider, modelId], place) =>
  anEntry({
    provider,
    modelId,
    baseModel: modelId,
    displayName: `Name of ${modelId}`,
    displayOrder: place + 2,
    addedAt: '2026-11-20',
    supportsSearch: true,
  }),
);
const [two, three, ofAitronos] = ['mdl_openai/nova-2', 'mdl_openai/nova-3', 'mdl_aitronos/nova-3'];

const service = await startService({ catalog: createCatalog(former, 1) });
const { aWorld, db, heard, anotherInstance } = service;
/** The same service after its catalog has grown. */
const later = anotherInstance({ catalog: createCatalog([...former, ...newer], 2) });
const rest = restOf(later);

const ReviewModels = graphql(`
  mutation ReviewModels($input: ReviewModelsInput!) {
    reviewModels(input: $input) {
      __typename
      ... on PolicyPreview {
        revision
        changes {
          field
          added
          removed
        }
        impact {
          newlyBlockedCount
          newlyAllowed(first: 10) {
            model {
              id
            }
            before
          }
        }
      }
      ... on OrganizationModelSettings {
        settingsRevision: revision
        disabledModels
        reviewedAt
      }
      ...RefusalFields
    }
  }
`);

const ReadReview = graphql(`
  query ReadReview($organizationId: ID!) {
    organization(id: $organizationId) {
      pendingModels(first: 50) {
        totalCount
        edges {
          node {
            id
          }
        }
      }
      policy {
        reviewedAt
        approvedModels
        disabledModels
      }
    }
    pending: models(organizationId: $organizationId, filter: { pending: true }) {
      edges {
        node {
          id
        }
      }
    }
    settled: models(organizationId: $organizationId, filter: { pending: false }) {
      totalCount
    }
  }
`);

/** What each list says that a member may use. */
const ReadLists = graphql(`
  query ReadLists($organizationId: ID!) {
    models(organizationId: $organizationId, filter: { allowed: true }) {
      edges {
        node {
          id
        }
      }
    }
    all: models(organizationId: $organizationId) {
      edges {
        node {
          id
          access(organizationId: $organizationId) {
            allowed
          }
        }
      }
    }
    modelGroups(organizationId: $organizationId) {
      options {
        model {
          id
        }
        access {
          allowed
        }
      }
    }
    organization(id: $organizationId) {
      effectiveDefaultModel {
        model {
          id
        }
      }
    }
  }
`);

async function change({ organization, admin }: World, input: object, { ask } = later) {
  const { data } = await ask(ChangePolicy, { input: { organizationId: organization.id, ...input } }, { as: admin });
  await heard();
  return data?.updateModelSettings ?? expect.fail();
}

async function review({ organization, admin }: World, input: object) {
  const variables = { input: { organizationId: organization.id, ...input } };
  const { data, errors } = await later.ask(ReviewModels, variables, { as: admin });
  expect(errors).toBe(undefined);
  return data?.reviewModels ?? expect.fail();
}

async function reviewOf({ organization, admin }: World) {
  const { data } = await later.ask(ReadReview, { organizationId: organization.id }, { as: admin });
  const { pendingModels, policy } = data?.organization ?? expect.fail();
  const pending = pendingModels?.edges.map(({ node }) => node.id);
  expect(data?.pending.edges.map(({ node }) => node.id)).toEqual(pending);
  expect(pendingModels?.totalCount).toBe(pending?.length);
  expect(data?.settled.totalCount).toBe(former.length + newer.length - (pending?.length ?? 0));
  return { pending, ...policy };
}

async function reasonsOf({ organization, member }: World, modelKey: string) {
  const { data } = await later.ask(AskAccess, { organizationId: organization.id, modelKey }, { as: member });
  return data?.modelAccess.reasons;
}

/** What a member may use, which every list says alike. */
async function allowed({ organization, member }: World) {
  const { data } = await later.ask(ReadLists, { organizationId: organization.id }, { as: member });
  const listed = data?.models.edges.map(({ node }) => node.id) ?? expect.fail();
  expect(data?.all.edges.flatMap(({ node }) => (node.access.allowed ? node.id : []))).toEqual(listed);
  const options = data?.modelGroups.flatMap((group) => group.options) ?? [];
  expect(options.flatMap(({ model, access }) => (access.allowed ? model.id : [])).sort()).toEqual(listed.toSorted());
  const available = await rest('GET', '/v1/model-configs/available', { as: member });
  const searching = await rest('GET', '/v1/model-configs/search-capable', { as: member });
  const grouped = await rest('GET', '/v1/model-configs/grouped', { as: member });
  const idsOf = (rows: { provider: string; modelId: string }[]) =>
    rows.map(({ provider, modelId }) => `mdl_${provider}/${modelId}`).sort();
  expect(idsOf(available.body.data)).toEqual(listed.toSorted());
  expect(searching.body.data.map(({ id }: { id: string }) => id).sort()).toEqual(listed.toSorted());
  const providers = grouped.body.data.flatMap((group: { providers: object[] }) => group.providers);
  expect(idsOf(providers)).toEqual(listed.toSorted());
  return { listed, effective: data?.organization?.effectiveDefaultModel?.model?.id };
}

/** An organization that reviews new models, and whose catalog has three that are newer. */
async function aReviewingWorld() {
  const world = await aWorld();
  await change(world, { newModels: 'REVIEW' }, service);
  return world;
}

describe('models that are new in the catalog', () => {
  it('wait for a review from the change to REVIEW on, which blocks nothing, until each is allowed or disabled', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const tried = await change(world, { newModels: 'REVIEW', dryRun: true }, service);
    expect(tried).toMatchObject({ impact: { newlyBlockedCount: 0, newlyAllowedCount: 0 } });
    await change(world, { newModels: 'REVIEW' }, service);
    const before = await service.ask(ReadLists, { organizationId: organization.id }, { as: member });
    expect(before.data?.models.edges).toHaveLength(former.length);

    const present = await later.ask(
      'query ($id: ID!) { policyDocument(organizationId: $id) }',
      { id: organization.id },
      { as: admin },
    );
    const { policyDocument } = present.data as { policyDocument: string };
    const document = JSON.stringify({
      ...JSON.parse(policyDocument),
      aliases: { best: ['nova-2', 'nova-1'] },
      defaultModelKey: 'best',
    });
    await later.ask(ApplyPolicy, { input: { organizationId: organization.id, document } }, { as: admin });
    expect(await reviewOf(world)).toMatchObject({
      pending: [ofAitronos, two, three],
      reviewedAt: '2026-11-01T00:00:00.000Z',
    });
    expect(await reasonsOf(world, 'nova-2')).toEqual(['PENDING_REVIEW']);
    expect(await allowed(world)).toEqual({
      listed: ['mdl_openai/nova-1', 'mdl_openai/nova-mini'],
      effective: 'mdl_openai/nova-1',
    });
    const input = { organizationId: organization.id, provider: 'openai', modelId: 'nova-2' };
    const { data } = await later.ask(CreateConfig, { input }, { as: member });
    expect(data?.createModelConfig).toMatchObject({ code: 'MODEL_NOT_ALLOWED', reasons: ['PENDING_REVIEW'] });

    const decided = { allow: ['Name of nova-2'], disable: ['nova-3'], reason: 'Terms of November' };
    const preview = await review(world, { ...decided, dryRun: true });
    expect(preview).toMatchObject({
      __typename: 'PolicyPreview',
      revision: 2,
      impact: { newlyBlockedCount: 0, newlyAllowed: [{ model: { id: two }, before: ['PENDING_REVIEW'] }] },
    });
    expect(await review(world, { ...decided, expectedRevision: 2 })).toEqual({
      __typename: 'OrganizationModelSettings',
      settingsRevision: 3,
      disabledModels: ['nova-3'],
      reviewedAt: '2026-11-20T00:00:00.000Z',
    });

    expect(await reviewOf(world)).toEqual({
      pending: [],
      reviewedAt: '2026-11-20T00:00:00.000Z',
      approvedModels: [],
      disabledModels: ['nova-3'],
    });
    expect(await reasonsOf(world, 'aitronos/nova-3')).toEqual(['MODEL_DISABLED']);
    expect(await allowed(world)).toEqual({
      listed: ['mdl_openai/nova-1', 'mdl_openai/nova-mini', two],
      effective: two,
    });
    const where = { organizationId: organization.id, number: 3 };
    expect(await db.revision.findFirst({ where })).toMatchObject({
      action: 'MODELS_REVIEWED',
      reason: 'Terms of November',
      actorId: admin.id,
      subjectId: organization.id.replace('org_', 'oms_'),
    });
    // Nothing is left to do.
    expect(await review(world, decided)).toMatchObject({ settingsRevision: 3 });
  });

  it('wait though a pattern allows or disables them, and not where a list names them exactly', async () => {
    const world = await aReviewingWorld();

    await change(world, { allowedModels: ['nova*', 'Name of nova-2'], disabledModels: ['aitronos/*'] });

    expect((await reviewOf(world)).pending).toEqual([ofAitronos, three]);
    expect(await reasonsOf(world, 'nova-2')).toEqual([]);
    expect(await reasonsOf(world, 'openai/nova-3')).toEqual(['PENDING_REVIEW']);
    expect(await reasonsOf(world, 'aitronos/nova-3')).toEqual(['MODEL_DISABLED', 'PENDING_REVIEW']);
  });

  it('are approved one by one, by their exact names, and folded once none is left', async () => {
    const world = await aReviewingWorld();

    await review(world, { allow: ['nova-3'] });
    const first = await reviewOf(world);
    await review(world, { allow: ['NOVA-2', 'nova-2', 'nova-1'] });

    expect(first).toEqual({
      pending: [two],
      reviewedAt: '2026-11-01T00:00:00.000Z',
      approvedModels: ['aitronos/nova-3', 'openai/nova-3'],
      disabledModels: [],
    });
    expect(await reviewOf(world)).toMatchObject({
      pending: [],
      reviewedAt: '2026-11-20T00:00:00.000Z',
      approvedModels: [],
    });
    expect((await allowed(world)).listed).toHaveLength(former.length + newer.length);
  });

  it('may all be used again once new ones are allowed at once', async () => {
    const world = await aReviewingWorld();
    await review(world, { allow: ['nova-2'] });

    await change(world, { newModels: 'ALLOW' });

    expect(await reviewOf(world)).toEqual({ pending: [], reviewedAt: null, approvedModels: [], disabledModels: [] });
    expect((await allowed(world)).listed).toHaveLength(former.length + newer.length);
  });

  it('are approved in a document by each of their exact names, and one that is not there yet as it is written', async () => {
    const world = await aReviewingWorld();
    const document = 'newModels: REVIEW\napprovedModels: [nova-3, nova-9]\n';
    const apply = async () => {
      const input = { organizationId: world.organization.id, document };
      const { data } = await later.ask(ApplyPolicy, { input }, { as: world.admin });
      return data?.applyPolicy;
    };

    expect([await apply(), await apply()]).toMatchObject([{ settingsRevision: 2 }, { settingsRevision: 2 }]);
    expect(await reviewOf(world)).toMatchObject({
      pending: [two],
      approvedModels: ['aitronos/nova-3', 'openai/nova-3', 'nova-9'],
    });
    await review(world, { disable: ['nova-2'] });
    expect(await reviewOf(world)).toMatchObject({ pending: [], approvedModels: ['nova-9'] });
  });

  it('are reviewed by all of several reviews at one time', async () => {
    const world = await aReviewingWorld();

    await Promise.all([
      review(world, { allow: ['openai/nova-2'] }),
      review(world, { allow: ['openai/nova-3'] }),
      review(world, { disable: ['aitronos/nova-3'] }),
    ]);

    expect(await reviewOf(world)).toMatchObject({
      pending: [],
      approvedModels: [],
      disabledModels: ['aitronos/nova-3'],
    });
    expect((await allowed(world)).listed).toEqual(['mdl_openai/nova-1', 'mdl_openai/nova-mini', two, three]);
  });
});

describe('a review', () => {
  it.each<[string, object, object]>([
    [
      'a pattern',
      { allow: ['nova-2', 'nova-3*'] },
      { issues: [{ path: 'allow.1', message: 'must name one model, without a *' }] },
    ],
    [
      'a model that there is not',
      { disable: ['nova-9'] },
      { code: 'UNKNOWN_MODEL', message: expect.stringContaining('"nova-9"') },
    ],
    ['an entry with * in it', { allow: ['no*a-2'] }, { issues: [{ path: 'allow.0' }] }],
    [
      'a model in both lists, by two of its names',
      { allow: ['mdl_openai/nova-3'], disable: ['nova-2', 'nova-3'] },
      { issues: [{ path: 'disable.1', message: '"nova-3" is in both lists' }] },
    ],
    ['an invisible character', { allow: ['nova\u200b-2'] }, { issues: [{ path: 'allow.0' }] }],
    ['no list', { allow: null }, { issues: [{ path: 'allow' }] }],
    ['another revision', { allow: ['nova-2'], expectedRevision: 9 }, { code: 'REVISION_CONFLICT' }],
    ['the default disabled', { disable: ['nova-1'] }, { code: 'DEFAULT_MODEL_DISABLED' }],
  ])('is refused with %s, and nothing is written', async (_, input, refusal) => {
    const world = await aReviewingWorld();
    await change(world, { defaultModelKey: 'nova-1' });
    const before = await reviewOf(world);

    for (const dryRun of [true, false]) expect(await review(world, { ...input, dryRun })).toMatchObject(refusal);

    expect(await reviewOf(world)).toEqual(before);
  });

  it('is refused where new models need none', async () => {
    const world = await aWorld();

    for (const dryRun of [true, false]) {
      expect(await review(world, { allow: ['nova-2'], dryRun })).toMatchObject({
        __typename: 'ModelgateValidationError',
        issues: [{ path: '', message: 'no model waits for a review: `newModels` is ALLOW' }],
      });
    }
  });
});
