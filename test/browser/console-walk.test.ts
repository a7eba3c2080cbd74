import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ListExceptions } from '../kit/exceptions.ts';
import { ChangePolicy } from '../kit/policy.ts';
import {
  button,
  draftBar,
  live,
  press,
  providerIs,
  reach,
  save,
  startConsole,
  summary,
  switchOf,
} from './console-pages.ts';

const { aWorld, ask, open } = await startConsole();

const dialog = (page: Page) => page.getByRole('dialog');
const tab = (name: string, page: Page) => page.getByRole('link', { name, exact: true });
const entry = (number: number, page: Page) => page.getByRole('article', { name: new RegExp(`^#${number} `) });

describe('the walk of an admin: disable a provider, see what that does, save, look at the history, restore', () => {
  it('by mouse', async () => {
    const { admin } = await aWorld();
    const { page, complaints } = await open(admin);
    await live(page);

    await switchOf('OpenAI', page).click();
    expect(await summary(page, /Blocks/)).toMatch(/Draft: Blocks \d+ models for 3 people\./);
    await button('What it does', draftBar(page)).click();
    await draftBar(page).getByText('Disabled providers: added “openai”').waitFor();
    await draftBar(page)
      .getByRole('table', { name: /models that would be refused/ })
      .waitFor();
    await button('As YAML', draftBar(page)).click();
    expect(await draftBar(page).locator('pre').innerText()).toContain('disabledProviders:\n  - "openai"');

    await button('Save', draftBar(page)).click();
    // The history wants a reason.
    await button('Save', dialog(page)).click();
    expect(
      await dialog(page)
        .getByLabel('Reason')
        .evaluate((field: HTMLTextAreaElement) => field.validity.valueMissing),
    ).toBe(true);
    await dialog(page).getByLabel('Reason').fill('No contract yet');
    await button('Save', dialog(page)).click();
    await page.getByText('Saved as revision 1.').waitFor();
    await providerIs('off', 'OpenAI', page);
    expect(await draftBar(page).isVisible()).toBe(false);

    await tab('History', page).click();
    const change = await entry(1, page).innerText();
    expect(change).toContain(admin.name);
    expect(change).toContain('No contract yet');
    expect(change).toContain('Disabled providers: added “openai”');
    await button('Restore what was before revision 1', entry(1, page)).click();
    await dialog(page)
      .getByText(/^Allows \d+ models\.$/)
      .waitFor();
    await dialog(page).getByLabel('Reason').fill('The contract is there');
    await button('Restore', dialog(page)).click();
    await page.getByText('The policy of revision 0 is restored, as revision 2.').waitFor();
    await entry(2, page).getByText('The contract is there').waitFor();

    await tab('Models', page).click();
    await providerIs('on', 'OpenAI', page);
    expect(complaints).toEqual([]);
  });

  it('by keyboard alone', async () => {
    const { admin } = await aWorld();
    const { page } = await open(admin);
    await live(page);

    await press(switchOf('OpenAI', page), page, 'Space');
    await summary(page, /Blocks/);
    await press(button('What it does', draftBar(page)), page);
    await draftBar(page).getByText('Disabled providers: added “openai”').waitFor();
    // Escape leaves a dialog, and leads back to where it was opened.
    await press(button('Save', draftBar(page)), page);
    await dialog(page).waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'hidden' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Save');
    await page.keyboard.press('Enter');
    await reach(dialog(page).getByLabel('Reason'), page);
    await page.keyboard.type('No contract yet');
    await press(button('Save', dialog(page)), page);
    await page.getByText('Saved as revision 1.').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');

    await press(tab('History', page), page);
    await press(button('Restore what was before revision 1', entry(1, page)), page);
    await dialog(page)
      .getByText(/^Allows \d+ models\.$/)
      .waitFor();
    await reach(dialog(page).getByLabel('Reason'), page);
    await page.keyboard.type('The contract is there');
    await press(button('Restore', dialog(page)), page);
    await entry(2, page).getByText('The contract is there').waitFor();

    await press(tab('Models', page), page);
    await providerIs('on', 'OpenAI', page);
  });
});

describe('an exception', () => {
  it('is given to one person until Friday, from the model that is refused', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    await ask(
      ChangePolicy,
      { input: { organizationId: organization.id, disabledProviders: ['mistral'] } },
      { as: admin },
    );
    const { page } = await open(admin);
    await page.getByLabel('Search').fill('mistral large');
    await button(/^Details of Mistral Large/, page)
      .first()
      .click();
    await page
      .getByText(/The provider mistral is switched off for the organization by ADMIN/)
      .first()
      .waitFor();
    await button('Give an exception', page).click();
    await dialog(page).getByRole('searchbox', { name: 'For whom' }).fill('member of');
    await dialog(page).getByRole('listbox', { name: 'For whom' }).selectOption(member.name);
    await dialog(page).getByLabel('Reason').fill('A trial for a customer');
    // What is typed stays where it is refused.
    await dialog(page).getByLabel('Until the end of').fill('2999-01-01');
    await button('Give it', dialog(page)).click();
    await dialog(page).getByRole('alert').filter({ hasText: 'must be within 90 days from now' }).waitFor();
    expect(await dialog(page).getByLabel('Until the end of').getAttribute('aria-invalid')).toBe('true');
    expect(await dialog(page).getByLabel('Reason').inputValue()).toBe('A trial for a customer');
    await button('Friday', dialog(page)).click();
    await button('Give it', dialog(page)).click();
    await page.getByText('The exception is given.').waitFor();

    const { data } = await ask(
      ListExceptions,
      { organizationId: organization.id, filter: { state: 'GRANTED' } },
      { as: admin },
    );
    const [given] = data?.organization?.modelExceptions.edges.map(({ node }) => node) ?? [];
    const until = new Date('2026-11-27T23:59:59Z');
    expect(given).toMatchObject({ subjectId: member.id, reason: 'A trial for a customer', until: until.toISOString() });
    await tab('People', page).click();
    await page.getByRole('link', { name: member.name }).click();
    await page.getByText('A trial for a customer').waitFor();
    await page.getByText('Until Nov 27, 2026, 11:59 PM (in 5 days)').waitFor();
    await page.getByRole('link', { name: /^See what MEMBER/ }).click();
    await page.getByText(`You see what ${member.name} may use.`).waitFor();
    await page
      .getByRole('row', { name: /Mistral Large 4 mistral-large-4-0/ })
      .getByText('Allowed')
      .waitFor();
  });
});

describe('an exception that has no effect', () => {
  it('is not given for what a provider has retired, and is told of where the catalog has no such model', async () => {
    const { admin, member } = await aWorld();
    const { page } = await open(admin);
    // It knows the models.
    await switchOf('Mistral', page).waitFor();
    await tab('People', page).click();
    await page.getByRole('link', { name: member.name }).click();
    await button('Give an exception', page).click();
    const names = dialog(page).getByRole('textbox', { name: 'Models' });
    await names.fill('Claude Opus 4');
    await dialog(page).getByLabel('Reason').fill('A trial');
    await button('Give it', dialog(page)).click();
    await dialog(page)
      .getByText('“Claude Opus 4” is retired by its provider: an exception would have no effect.')
      .waitFor();

    await names.fill('Mistral Large 99');
    await button('Give it', dialog(page)).click();

    await page
      .getByText('The catalog has no model “Mistral Large 99”: for that the exception has no effect yet.')
      .waitFor();
  });
});

describe('the default', () => {
  it('is changed by a pick, refused where it would not be allowed, and the history says by whom', async () => {
    const { admin } = await aWorld();
    const { page } = await open(admin);
    await button('Change the default', page).click();
    await dialog(page).getByLabel('Search').fill('gpt-4o');
    await dialog(page)
      .getByRole('radio', { name: /^GPT-4o OpenAI/ })
      .check();
    await button('Use in the draft', dialog(page)).click();
    await summary(page, /./);
    await save('Good enough for all', page);
    await page.getByText('Saved as revision 1.').waitFor();

    await switchOf('Mistral', page).click();
    await switchOf('OpenAI', page).click();
    await draftBar(page)
      .getByText(/The default model .* would not be allowed \(its provider is disabled\)/)
      .waitFor();
    expect(await button('Save', draftBar(page)).isEnabled()).toBe(false);
    await providerIs('off', 'Mistral', page);
    await button('Change the default', page).click();
    await dialog(page).getByRole('radio', { name: 'none' }).check();
    await button('Use in the draft', dialog(page)).click();
    await summary(page, /Blocks/);
    await button('Discard', draftBar(page)).click();

    await tab('History', page).click();
    await page.getByLabel('Search').fill('default model');
    expect(await entry(1, page).innerText()).toContain(admin.name);
  });
});
