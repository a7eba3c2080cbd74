import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { filterModels } from '../../src/domain/models/model-list.ts';
import { noLists } from '../../src/policy/policy-value.ts';
import { previewOf } from '../../src/policy/selector-preview.ts';
import { graphql } from '../generated/gql.ts';
import { aSnapshot, decisionsBy } from '../kit/decisions.ts';
import { ChangePolicy } from '../kit/policy.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const { ask, aWorld, db } = await startService();
const catalog = readCatalog();

const PreviewSelector = graphql(`
  query PreviewSelector($organizationId: ID!, $selector: String!, $first: Int, $after: String) {
    previewSelector(organizationId: $organizationId, selector: $selector) {
      entries
      coveredBy
      allowCoveredBy
      warnings {
        selector
        nearest
        message
      }
      matches(first: $first, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
          }
        }
      }
      allows(first: 100) {
        edges {
          node {
            id
          }
        }
      }
    }
  }
`);

const asked = ({ organization, admin }: World, selector: string, page: object = { first: 100 }, as = admin) =>
  ask(PreviewSelector, { organizationId: organization.id, selector, ...page }, { as });

async function preview(world: World, selector: string, page?: object) {
  const { data } = await asked(world, selector, page);
  const { matches, allows, ...rest } = data?.previewSelector ?? expect.fail();
  return {
    ...rest,
    matches: matches.edges.map(({ node }) => node.id),
    allows: allows.edges.map(({ node }) => node.id),
    totalCount: matches.totalCount,
    pageInfo: matches.pageInfo,
  };
}

const change = ({ organization, admin }: World, input: object) =>
  ask(ChangePolicy, { input: { organizationId: organization.id, ...input } }, { as: admin });

describe('the preview of a selector', () => {
  it('tells the models that it disables, those that it allows, and how it is stored', async () => {
    const world = await aWorld();

    const pattern = await preview(world, ' GPT-4o-mini* ');
    const snapshot = await preview(world, 'mdl_openai/gpt-5-2025-08-07');
    const named = await preview(world, 'Claude Sonnet 4.6');

    expect(pattern).toMatchObject({
      entries: ['gpt-4o-mini*'],
      matches: expect.arrayContaining(['mdl_openai/gpt-4o-mini', 'mdl_openai/gpt-4o-mini-2024-07-18']),
      coveredBy: [],
      allowCoveredBy: [],
      warnings: [],
    });
    expect(snapshot).toMatchObject({
      entries: ['openai/gpt-5-2025-08-07'],
      matches: ['mdl_openai/gpt-5', 'mdl_openai/gpt-5-2025-08-07'],
      allows: ['mdl_openai/gpt-5-2025-08-07'],
    });
    expect(named).toMatchObject({
      entries: ['anthropic/claude-sonnet-4-6'],
      matches: ['mdl_anthropic/claude-sonnet-4-6'],
      allows: ['mdl_anthropic/claude-sonnet-4-6'],
    });
    expect(await db.revision.count({ where: { organizationId: world.organization.id } })).toBe(0);
  });

  it('has pages, as every list of models', async () => {
    const world = await aWorld();
    const all = await preview(world, 'openai/*');
    const found: string[] = [];
    for (let after: string | null | undefined; ; ) {
      const page = await preview(world, 'openai/*', { first: 30, after });
      found.push(...page.matches);
      expect(page.totalCount).toBe(all.totalCount);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }

    expect(found).toHaveLength(all.totalCount);
    expect(found).toEqual(catalog.models.filter(({ provider }) => provider === 'openai').map(({ id }) => id));
    const { errors } = await asked(world, 'openai/*', { first: 101 });
    expect(errors?.[0]?.extensions.code).toBe('VALIDATION_ERROR');
  });

  it('names the entries that cover all of it already, and no others', async () => {
    const world = await aWorld();
    await change(world, {
      disabledProviders: ['mistral'],
      disabledModels: ['gpt-4o*', 'openai/gpt-4o-mini', 'gone*', 'openai/*'],
      allowedModels: ['gpt-4*', 'anthropic/*', 'openai/gpt-4o'],
    });

    expect(await preview(world, 'gpt-4o-mini')).toMatchObject({
      coveredBy: ['gpt-4o*', 'openai/gpt-4o-mini', 'openai/*'],
      allowCoveredBy: ['gpt-4*'],
    });
    expect(await preview(world, 'openai/gpt-4*')).toMatchObject({
      coveredBy: ['openai/*'],
      allowCoveredBy: ['gpt-4*'],
    });
    expect(await preview(world, 'mistral/*')).toMatchObject({ coveredBy: ['mistral'], allowCoveredBy: [] });
    expect(await preview(world, 'gpt-5')).toMatchObject({ coveredBy: ['openai/*'], allowCoveredBy: [] });
    expect(await preview(world, 'claude-*')).toMatchObject({ coveredBy: [], allowCoveredBy: ['anthropic/*'] });
  });

  it('of what matches nothing is empty, with a warning', async () => {
    const world = await aWorld();
    await change(world, { disabledModels: ['gpt-4oo', 'openai/*'] });

    expect(await preview(world, 'gpt-4oo')).toEqual({
      entries: ['gpt-4oo'],
      matches: [],
      allows: [],
      totalCount: 0,
      pageInfo: { hasNextPage: false, endCursor: null },
      coveredBy: [],
      allowCoveredBy: [],
      warnings: [
        {
          selector: 'gpt-4oo',
          nearest: expect.arrayContaining(['gpt-4o']),
          message: expect.stringMatching(/^"gpt-4oo" names no model; did you mean /),
        },
      ],
    });
  });

  it.each([
    ['*', 'must have at least 2 characters before its *'],
    ['a*', 'must have at least 2 characters before its *'],
    ['a*b', 'must not have a * but at its end'],
    ['/x/', 'must not begin with a slash: it is a name, or the beginning of one, not a regular expression'],
    ['gpt-4 *', 'must not have a blank before its *'],
    ['gpt\u200b-4o', 'must not contain invisible characters, nor unusual spaces'],
    ['  ', 'must not be empty'],
    ['x'.repeat(201), 'must not be longer than 200 characters'],
  ])('is refused for "%s"', async (selector, message) => {
    const world = await aWorld();

    const { errors } = await asked(world, selector);

    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: { issues: [{ path: 'selector', message }] },
    });
  });

  it('is for owners and admins of the organization', async () => {
    const world = await aWorld();
    const code = async (as: World['admin']) => (await asked(world, 'gpt-4o', {}, as)).errors?.[0]?.extensions.code;

    expect([await code(world.owner), await code(world.member), await code(world.stranger)]).toEqual([
      undefined,
      'INSUFFICIENT_PERMISSIONS',
      'ORGANIZATION_ACCESS_DENIED',
    ]);
  });

  it('agrees with the decisions by a list that has it', () => {
    const names = fc.constantFrom(...catalog.models).chain(({ names: [key = ''], displayName, id }) =>
      fc.oneof(
        fc.constantFrom(key, displayName, id),
        fc.nat(key.length).map((length) => `${key.slice(0, Math.max(2, length))}*`),
      ),
    );
    const allowedBy = (lists: object) => {
      const decisions = decisionsBy(aSnapshot(lists), { catalog, now: new Date(0) });
      return filterModels(decisions, { allowed: true });
    };
    fc.assert(
      fc.property(names, names, (selector, other) => {
        const lists = { ...noLists, disabledModels: [other], allowedModels: [other] };
        const told = previewOf(catalog, selector, { organizationId: 'org_1', ...lists });

        const left = new Set(allowedBy({ disabledModels: told.entries }));
        expect(told.matches).toEqual(catalog.models.filter((model) => !left.has(model)));
        expect(told.allows).toEqual(allowedBy({ allowedModels: told.entries }));
        // An entry covers where to add the selector changes nothing.
        const both = allowedBy({ disabledModels: [other, ...told.entries] });
        expect(told.coveredBy.length > 0).toBe(both.length === allowedBy({ disabledModels: [other] }).length);
      }),
      { numRuns: 300 },
    );
  });
});
