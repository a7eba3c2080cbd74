import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { button, draftBar, live, press, providerIs, reach, startConsole, summary, switchOf } from './console-pages.ts';

const { aWorld, open } = await startConsole();

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
    await draftBar(page).getByText('Disabled providers: + “openai”').waitFor();
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
    expect(change).toContain('Disabled providers: + “openai”');
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
    await draftBar(page).getByText('Disabled providers: + “openai”').waitFor();
    // Escape leaves a dialog, and leads back to where it was opened.
    await press(button('Save', draftBar(page)), page);
    await dialog(page).waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Save');
    await page.keyboard.press('Enter');
    await reach(dialog(page).getByLabel('Reason'), page);
    await page.keyboard.type('No contract yet');
    await press(button('Save', dialog(page)), page);
    await page.getByText('Saved as revision 1.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');

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
