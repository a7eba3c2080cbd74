import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { UpdateSettings } from '../kit/operations.ts';
import { button, draftBar, save, startConsole, summary, switchOf, type Visited } from './console-pages.ts';

const service = await startConsole();
const { aWorld, ask, open, visit } = service;

const tabs = ['models', 'review', 'people', 'history', 'use'];
const looks = ['light', 'dark'].flatMap((theme) => [360, 1280].map((width) => [theme, width] as const));

/** What axe has to complain about: rules, and where they are broken. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: loaded } = globalThis as unknown as { axe: { run: (options: object) => Promise<Axe> } };
    interface Axe {
      violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await loaded.run({ runOnly: tags, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  });
}

/** How much wider the page is than its window. */
const overflowOf = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function show(address: string, id: string, { page }: Visited): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/${id}/${address}`);
  const [tab] = address.split('/');
  await page.locator(`nav a[href$="/${tab}"][aria-current=page]`).waitFor();
  await page.waitForFunction(() => !document.querySelector('main .loading'));
}

/** A world in which there is something to see on each tab. */
async function aFullWorld() {
  const world = await aWorld();
  const { organization, admin, member } = world;
  const organizationId = organization.id;
  await ask(
    UpdateSettings,
    { input: { organizationId, disabledModels: ['gpt-4.1'], defaultModelKey: 'gpt-4o' } },
    { as: admin },
  );
  const until = new Date(Date.now() + 86_400_000).toISOString();
  await ask(
    `mutation ($grant: GrantModelExceptionInput!, $scope: SetScopePolicyInput!, $key: CreateProviderKeyInput!, $team: CreateTeamInput!, $use: RecordModelUsageInput!) {
      grantModelException(input: $grant) { __typename }
      setScopePolicy(input: $scope) { __typename }
      createProviderKey(input: $key) { __typename }
      createTeam(input: $team) { __typename }
      recordModelUsage(input: $use) { __typename }
    }`,
    {
      grant: { organizationId, models: ['gpt-4.1'], subjectId: member.id, until, reason: 'An experiment' },
      scope: { organizationId, subjectId: member.id, disabledModels: ['o3*'], disabledProviders: ['mistral'] },
      key: { organizationId, provider: 'openai', name: 'Production', secret: 'sk-of-production-1234' },
      team: { organizationId, name: 'Research', userIds: [member.id] },
      use: {
        organizationId,
        records: [{ id: 'one', modelKey: 'gpt-4o', promptTokens: 120_000, completionTokens: 9_000 }],
      },
    },
    { as: admin },
  );
  await ask(
    `mutation ($input: RequestModelExceptionInput!) { requestModelException(input: $input) { __typename } }`,
    { input: { organizationId, models: ['o3'], until, reason: 'To compare' } },
    { as: member },
  );
  return world;
}

const world = await aFullWorld();
const { id } = world.organization;

/** The console of an admin in a window of this width and theme. */
async function openAs(person: { id: string }, theme: string, width: number, options: object = {}): Promise<Visited> {
  const context = await service.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme === 'dark' ? 'dark' : 'light',
    ...options,
  });
  return open(person, { address: `${id}/models`, context });
}

describe('the console, as it looks', () => {
  it.each(looks)('has nothing that axe complains about, and fits its window: %s, %i pixels', async (theme, width) => {
    const visited = await openAs(world.admin, theme, width);
    const { page } = visited;
    for (const tab of tabs) {
      await show(tab, id, visited);
      expect([tab, await overflowOf(page), await violationsOf(page)]).toEqual([tab, 0, []]);
    }

    await show(`people/${world.member.id}`, id, visited);
    expect([await overflowOf(page), await violationsOf(page)]).toEqual([0, []]);
    await show('models', id, visited);
    await page.getByRole('searchbox').fill('gpt-4.1');
    await button(/^Details of GPT-4.1$/, page).click();
    await page.getByText('switched off for the organization').waitFor();
    await page.getByRole('searchbox').fill('');
    await switchOf('Anthropic', page).click();
    await summary(page, /Blocks/);
    await button('What it does', draftBar(page)).click();
    expect([await overflowOf(page), await violationsOf(page)]).toEqual([0, []]);
    await button('Save', draftBar(page)).click();
    expect([await overflowOf(page), await violationsOf(page)]).toEqual([0, []]);
  });

  it('has nothing that axe complains about where it asks for a sign-in, and for a member', async () => {
    const { page } = await visit();
    await page.getByLabel('Token').waitFor();
    expect(await violationsOf(page)).toEqual([]);

    const member = await openAs(world.member, 'light', 1280);
    for (const tab of tabs) {
      await show(tab, id, member);
      expect([tab, await violationsOf(member.page)]).toEqual([tab, []]);
    }
  });

  it('fits a window at 200 %, and is to be seen in forced colors and without motion', async () => {
    const large = await openAs(world.admin, 'light', 640, { deviceScaleFactor: 2 });
    for (const tab of tabs) {
      await show(tab, id, large);
      expect([tab, await overflowOf(large.page)]).toEqual([tab, 0]);
    }

    const forced = await openAs(world.admin, 'light', 1280, { forcedColors: 'active', reducedMotion: 'reduce' });
    const knob = switchOf('Anthropic', forced.page);
    const style = await knob.evaluate((element) => {
      const { backgroundColor, transitionDuration } = getComputedStyle(element, '::after');
      return { knob: backgroundColor, page: getComputedStyle(document.body).backgroundColor, transitionDuration };
    });
    expect(style.knob).not.toBe(style.page);
    expect(style.transitionDuration).toBe('0s');
  });

  it('fits its window where names are long and changes are many', async () => {
    const long = await aWorld();
    const { organization, admin } = long;
    await service.db.user.update({ where: { id: long.member.id }, data: { name: 'W'.repeat(200) } });
    await service.db.organization.update({ where: { id: organization.id }, data: { name: 'Organization'.repeat(16) } });
    const context = await service.newContext({ viewport: { width: 360, height: 740 } });
    const visited = await open(admin, { address: `${organization.id}/models`, context });
    const { page } = visited;
    for (const slug of ['Anthropic', 'Cohere', 'Google', 'OpenAI']) await switchOf(slug, page).click();
    await summary(page, /Blocks/);
    await button('What it does', draftBar(page)).click();
    expect(await overflowOf(page)).toBe(0);
    await save('why '.repeat(100), page);
    await page.getByText('Saved as revision').waitFor();
    for (const tab of tabs) {
      await show(tab, organization.id, visited);
      expect([tab, await overflowOf(page)]).toEqual([tab, 0]);
    }
  });
});
