import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { tokenOf } from '../kit/issuer.ts';
import { ChangePolicy, ReadPolicy } from '../kit/policy.ts';
import type { World } from '../kit/world.ts';
import {
  button,
  draftBar,
  eventually,
  live,
  paste,
  providerIs,
  quiet,
  save,
  startConsole,
  summary,
  switchOf,
} from './console-pages.ts';

const { aWorld, ask, open, network, restart } = await startConsole();

/** What the other admins of the organization do meanwhile, elsewhere. */
async function changeElsewhere({ organization, owner }: World, change: object): Promise<void> {
  const { data } = await ask(ChangePolicy, { input: { organizationId: organization.id, ...change } }, { as: owner });
  expect(data?.updateModelSettings.__typename).toBe('OrganizationModelSettings');
}

async function disabledProviders({ organization, owner }: World): Promise<readonly string[]> {
  const { data } = await ask(
    ReadPolicy,
    { organizationId: organization.id, atRevision: null },
    { as: owner, once: true },
  );
  return data?.organization?.policy?.disabledProviders.toSorted() ?? [];
}

const saved = (revision: number, page: Page) => page.getByText(`Saved as revision ${revision}.`).waitFor();

/** An admin at the page, who has disabled Mistral in a draft. */
async function aDraft() {
  const world = await aWorld();
  const visited = await open(world.admin);
  await live(visited.page);
  await switchOf('Mistral', visited.page).click();
  await summary(visited.page, /Blocks/);
  return { world, ...visited };
}

/** From now on the page does not hear of changes. */
const deafen = (page: Page) =>
  page.route('**/graphql', (route) =>
    route.request().headers().accept === 'text/event-stream' ? route.abort() : route.continue(),
  );

describe('what others change', () => {
  it('appears by itself', async () => {
    const world = await aWorld();
    const { page } = await open(world.admin);
    await live(page);
    await providerIs('on', 'OpenAI', page);

    await changeElsewhere(world, { disabledProviders: ['openai'] });

    await providerIs('off', 'OpenAI', page);
  });

  it('is not followed while nobody sees the page, and is there when somebody does', async () => {
    const world = await aWorld();
    const visited = await open(world.admin);
    const { page } = visited;
    await live(page);
    await quiet(visited);
    const become = (state: 'hidden' | 'visible') =>
      page.evaluate((next) => {
        Object.defineProperty(document, 'visibilityState', { value: next, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);

    await become('hidden');
    await page.getByText('Connecting …').waitFor();
    await changeElsewhere(world, { disabledProviders: ['openai'] });
    await providerIs('on', 'OpenAI', page);
    await become('visible');

    await live(page);
    await providerIs('off', 'OpenAI', page);
  });

  it('is told to whoever has a draft, which is kept on top of it', async () => {
    const { world, page } = await aDraft();

    await changeElsewhere(world, { disabledProviders: ['openai'] });

    await draftBar(page)
      .getByRole('heading', { name: /Others have saved meanwhile/ })
      .waitFor();
    await draftBar(page).getByText('Disabled providers: added “openai”').waitFor();
    await providerIs('off', 'OpenAI', page);
    await providerIs('off', 'Mistral', page);
    await save('No contract', page);
    await saved(2, page);
    expect(await disabledProviders(world)).toEqual(['mistral', 'openai']);
  });

  it('is told before a draft is saved over it, where it was not heard of; and the reason stays', async () => {
    const world = await aWorld();
    const { page } = await open(world.admin);
    await deafen(page);
    await page.reload();
    await paste(await tokenOf(world.admin), page);
    await switchOf('Mistral', page).click();
    await summary(page, /Blocks/);
    await button('Save', draftBar(page)).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('No contract');
    await changeElsewhere(world, { disabledProviders: ['openai'] });

    await button('Save', dialog).click();

    await dialog.getByText('Others have just changed the policy.').waitFor();
    expect(await disabledProviders(world)).toEqual(['openai']);
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('No contract');
    await button('Save', dialog).click();
    await saved(2, page);
    expect(await disabledProviders(world)).toEqual(['mistral', 'openai']);
  });
});

describe('a draft', () => {
  it('is there after a reload, on top of what others have saved before that', async () => {
    const { world, page } = await aDraft();
    await page.goto('about:blank');
    await changeElsewhere(world, { disabledProviders: ['openai'] });

    await page.goBack();
    await paste(await tokenOf(world.admin), page);

    await draftBar(page).getByText('Disabled providers: added “openai”').waitFor();
    await save('No contract', page);
    await saved(2, page);
    expect(await disabledProviders(world)).toEqual(['mistral', 'openai']);
    await page.reload();
    await paste(await tokenOf(world.admin), page);
    await providerIs('off', 'Mistral', page);
    expect(await draftBar(page).isVisible()).toBe(false);
  });

  it('stays while the back button goes through the tabs', async () => {
    const { page } = await aDraft();
    const heading = (name: string) => page.getByRole('main').getByRole('heading', { level: 1, name }).waitFor();
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await heading('History');
    await page.getByRole('link', { name: 'People', exact: true }).click();
    await heading('People');

    await page.goBack();
    await heading('History');
    await expect.poll(() => page.title()).toBe('History · Brightwater · Modelgate');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.goBack();
    await heading('Models');
    await page.goForward();
    await heading('History');

    await page.goBack();
    await providerIs('off', 'Mistral', page);
    await summary(page, /Blocks/);
  });

  it('of another page of the browser is another one, and neither is saved over the other', async () => {
    const { world, page, context } = await aDraft();
    const { page: other } = await open(world.admin, { context });
    await live(other);
    expect(await draftBar(other).isVisible()).toBe(false);
    await switchOf('OpenAI', other).click();
    await summary(other, /Blocks/);

    await save('No contract', page);
    await saved(1, page);
    await draftBar(other).getByText('Disabled providers: added “mistral”').waitFor();
    await save('Too dear', other);
    await saved(2, other);

    expect(await disabledProviders(world)).toEqual(['mistral', 'openai']);
    await providerIs('off', 'OpenAI', page);
  });

  it('is none any more where a copy of the page has saved it', async () => {
    const { world, page, context } = await aDraft();
    const [copy] = await Promise.all([
      context.waitForEvent('page'),
      page.evaluate(() => void window.open(location.href)),
    ]);
    await paste(await tokenOf(world.admin), copy);
    await summary(copy, /Blocks/);

    await save('No contract', copy);
    await saved(1, copy);

    await draftBar(page).waitFor({ state: 'hidden' });
    await providerIs('off', 'Mistral', page);
  });

  it('is saved once where the answer is lost on its way', async () => {
    const { world, page } = await aDraft();
    let isLost = false;
    await page.route('**/graphql', async (route) => {
      if (isLost || !route.request().postData()?.includes('"reason"')) return route.continue();
      isLost = true;
      await route.fetch();
      await route.abort();
    });

    await save('No contract', page);

    await saved(1, page);
    expect(isLost).toBe(true);
    expect(await disabledProviders(world)).toEqual(['mistral']);
  });
});

describe('a network that goes away', () => {
  it('is told by the dot; what was edited meanwhile is kept, and what others did is caught up with', async () => {
    const { world, page } = await aDraft();
    network.decide(() => 'cut');
    await page
      .getByRole('status')
      .filter({ hasText: /^Offline$/ })
      .waitFor();
    await switchOf('Cohere', page).click();
    await draftBar(page)
      .getByText('It could not be tried: The service cannot be reached. What you typed is kept.')
      .waitFor();
    await changeElsewhere(world, { disabledProviders: ['openai'] });

    network.decide(() => 'pass');

    await live(page);
    await providerIs('off', 'OpenAI', page);
    await draftBar(page).getByText('Disabled providers: added “openai”').waitFor();
    await save('No contract', page);
    await saved(2, page);
    expect(await disabledProviders(world)).toEqual(['cohere', 'mistral', 'openai']);
  });

  it('does not lose a reason that was typed', async () => {
    const { world, page } = await aDraft();
    network.decide(() => 'cut');

    await save('No contract', page);

    const dialog = page.getByRole('dialog');
    await dialog.getByText('The service cannot be reached. What you typed is kept.').waitFor();
    network.decide(() => 'pass');
    await live(page);
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('No contract');
    await eventually(async () => expect(await button('Save', dialog).isEnabled()).toBe(true));
    await button('Save', dialog).click();
    await saved(1, page);
    expect(await disabledProviders(world)).toEqual(['mistral']);
  });
});

describe('a service that is started anew', () => {
  it('goes on with the pages that are open', async () => {
    const { world, page } = await aDraft();
    network.decide(() => 'cut');
    await page
      .getByRole('status')
      .filter({ hasText: /^Offline$/ })
      .waitFor();
    restart();
    network.decide(() => 'pass');

    await live(page);
    await save('No contract', page);
    await saved(1, page);

    await changeElsewhere(world, { disabledProviders: [] });
    await providerIs('on', 'Mistral', page);
  });
});
