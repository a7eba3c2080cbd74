import type { Page } from 'playwright-core';
import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { demoPeople, fillDemoWorld } from '../../src/database/migrate/demo-world.ts';
import { tokenOf, trustedIssuer } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { InviteMember, RemoveMember, SetMemberRole } from '../kit/members.ts';
import { ChangePolicy } from '../kit/policy.ts';
import {
  button,
  draftBar,
  eventually,
  live,
  paste,
  providerIs,
  startConsole,
  summary,
  switchOf,
} from './console-pages.ts';

const { db, aWorld, ask, open, visit, network, restart, heard } = await startConsole();
await fillDemoWorld(db);

const main = (page: Page) => page.getByRole('main');
const title = (text: string | RegExp, page: Page) => page.getByRole('heading', { name: text }).first().waitFor();
const signIn = (page: Page) => page.getByRole('region', { name: /Who are you|Your sign-in has ended/ });

/** A user who has signed in before, and belongs to no organization. */
async function somebody() {
  const person = { id: typeid('usr').toString(), name: 'Nadia' };
  await db.user.create({
    data: { ...person, identities: { create: { issuer: trustedIssuer.issuer, subject: person.id } } },
  });
  return person;
}

/** An admin at the page, who has disabled Mistral in a draft. */
async function aDraft() {
  const world = await aWorld();
  const visited = await open(world.admin);
  await live(visited.page);
  await switchOf('Mistral', visited.page).click();
  await summary(visited.page, /Blocks/);
  return { world, ...visited };
}

/** From now on the service accepts no token that it has accepted so far. */
function endAllSessions(): void {
  restart({ issuers: [{ ...trustedIssuer, issuer: 'https://other.test' }] });
  network.decide(() => 'pass');
}

describe('a token that is pasted', () => {
  it('is refused in a sentence where it is none; the next one is taken, and stored nowhere', async () => {
    const { admin } = await aWorld();
    const { page, requests } = await visit();
    await title('Who are you?', page);
    await paste('two words', page);
    await signIn(page).getByText('That is no token').waitFor();
    await paste('no.real.token', page);
    await signIn(page).getByText('Your session is invalid').waitFor();
    await title('Who are you?', page);

    await paste(`Bearer ${await tokenOf(admin)}`, page);

    await main(page).getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    await signIn(page).waitFor({ state: 'detached' });
    const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
    expect(stored + requests.map((request) => request.url()).join()).not.toContain(await tokenOf(admin));
  });

  it('that ends is asked for again, without a click, and the draft is there after that', async () => {
    const { world, page } = await aDraft();

    endAllSessions();

    await title('Your sign-in has ended. Nothing that you typed is lost.', page);
    await providerIs('off', 'Mistral', page);
    restart();
    await paste(await tokenOf(world.admin), page);
    await signIn(page).waitFor({ state: 'detached' });
    await live(page);
    await summary(page, /Blocks/);
  });

  it('that ends while a reason is typed is asked for in the dialog, and the reason stays', async () => {
    const { world, page } = await aDraft();
    await button('Save', draftBar(page)).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('No contract yet');
    endAllSessions();

    await dialog.getByText('Your sign-in has ended.').waitFor();
    restart();
    await dialog.getByLabel('Token').fill(await tokenOf(world.admin));
    await button('Use it', dialog).click();

    await dialog.getByLabel('Token').waitFor({ state: 'detached' });
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('No contract yet');
    await button('Save', dialog).click();
    await page.getByText('Saved as revision 1.').waitFor();
  });

  it('of somebody else shows nothing of the draft, which is there for whoever made it', async () => {
    const { world, page } = await aDraft();
    endAllSessions();
    await title(/Your sign-in has ended/, page);
    restart();

    await paste(await tokenOf(world.owner), page);
    await page.getByText('Owner', { exact: true }).waitFor();
    await live(page);
    await providerIs('on', 'Mistral', page);
    expect(await draftBar(page).isVisible()).toBe(false);

    await button('Sign out', page).click();
    await paste(await tokenOf(world.admin), page);
    await page.getByText('Admin', { exact: true }).waitFor();
    await providerIs('off', 'Mistral', page);
  });

  it('is forgotten with all that it showed by whoever signs out', async () => {
    const { page, requests } = await open((await aWorld()).admin);
    await switchOf('OpenAI', page).waitFor();
    await live(page);

    await button('Sign out', page).click();

    await title('Who are you?', page);
    await switchOf('OpenAI', page).waitFor({ state: 'detached' });
    expect(await page.locator('body').innerText()).not.toContain('Brightwater');
    const asked = requests.length;
    await page.goto('about:blank').then(() => page.goBack());
    await title('Who are you?', page);
    expect(requests.slice(asked).filter((request) => request.method() === 'POST')).toEqual([]);
  });

  it('has to be that of a person', async () => {
    const { token } = await anApiKey({ ask }, await aWorld(), ['READ']);
    const { page } = await visit();

    await paste(token, page);

    await title('This key is that of a service', page);
    await main(page).getByText('sign in with a token of your own').waitFor();
  });
});

describe('a member', () => {
  it('sees what may be used, and can change nothing', async () => {
    const world = await aWorld();
    const input = { organizationId: world.organization.id, disabledProviders: ['mistral'] };
    await ask(ChangePolicy, { input }, { as: world.owner });
    const { page, complaints } = await open(world.member);
    await live(page);

    await main(page).getByRole('heading', { name: 'Mistral' }).waitFor();
    await button(/^Show models of Mistral/, page).click();
    await main(page).getByText('Its provider is disabled.').first().waitFor();
    expect(await page.getByRole('switch').count()).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBe(0);
    for (const name of ['Review', 'People', 'History', 'Use and keys']) {
      await page.getByRole('link', { name, exact: true }).click();
      await main(page).getByRole('heading', { level: 1, name }).waitFor();
      await page.getByRole('main').locator('.loading').waitFor({ state: 'detached' });
      expect(
        await main(page)
          .getByRole('button', { name: /Save|Restore|Add|Make|Rotate|Grant|Give/ })
          .count(),
      ).toBe(0);
    }
    expect(complaints).toEqual([]);
  });

  it('asks for access, which an admin grants; both see it by themselves', async () => {
    const world = await aWorld();
    const input = { organizationId: world.organization.id, disabledProviders: ['mistral'] };
    await ask(ChangePolicy, { input }, { as: world.owner });
    const [{ page }, { page: admins }] = [await open(world.member), await open(world.admin)];
    await live(page);
    await live(admins);
    await page.getByLabel('Search').fill('mistral large');
    await button(/^Details of Mistral Large/, page)
      .first()
      .click();
    await button('Request access', page).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('A trial for a customer');
    await button('Send the request', dialog).click();
    await page.getByText('The request is sent.').waitFor();

    await admins.getByRole('link', { name: /^Review\s*1$/ }).click();
    await button('Grant', admins).click();
    await admins.getByRole('dialog').getByLabel('Reason').fill('Until Friday');
    await button('Grant', admins.getByRole('dialog')).click();

    await main(admins).getByText('Nobody waits for a decision.').waitFor();
    await main(page)
      .getByText(/by an exception, which ends in/)
      .first()
      .waitFor();
  });

  it('becomes an admin, and is none any more, without a reload', async () => {
    const { organization, owner, member } = await aWorld();
    const { page } = await open(member);
    await live(page);
    await main(page).getByRole('heading', { name: 'OpenAI' }).waitFor();
    const become = (role: 'ADMIN' | 'MEMBER') =>
      ask(SetMemberRole, { input: { organizationId: organization.id, userId: member.id, role } }, { as: owner });

    await become('ADMIN');
    await switchOf('OpenAI', page).waitFor();

    await become('MEMBER');
    await switchOf('OpenAI', page).waitFor({ state: 'detached' });
  });

  it('who is removed is told so, and sees nothing more', async () => {
    const { organization, owner, member } = await aWorld();
    const { page } = await open(member);
    await live(page);

    await ask(RemoveMember, { input: { organizationId: organization.id, userId: member.id } }, { as: owner });

    await title('You do not belong to this organization', page);
    expect(await page.locator('body').innerText()).not.toContain('OpenAI');
  });
});

describe('a stranger to the organization of the address', () => {
  it('is told so, and led to the own one; the changes there are not asked for', async () => {
    const { organization, stranger, foreignOrganization } = await aWorld();
    const { page, requests } = await open(stranger, { address: `${organization.id}/history` });

    await title('You do not belong to this organization', page);
    await main(page).getByText('An owner of it can invite you.').waitFor();
    expect(requests.filter((request) => request.headers().accept === 'text/event-stream')).toEqual([]);
    await button('Open Northstar', page).click();

    await main(page).getByRole('heading', { level: 1, name: 'History' }).waitFor();
    expect(page.url()).toContain(`#/${foreignOrganization.id}/`);
    await page.goBack();
    await title('You do not belong to this organization', page);
  });

  it('is refused in the same way where there is no such organization', async () => {
    const { stranger } = await aWorld();

    const { page } = await open(stranger, { address: 'org_none/models' });

    await title('You do not belong to this organization', page);
    await button('Open Northstar', page).waitFor();
  });
});

describe('a user without an organization', () => {
  it('accepts an invitation', async () => {
    const { organization, owner } = await aWorld();
    const person = await somebody();
    await ask(InviteMember, { input: { organizationId: organization.id, userId: person.id } }, { as: owner });
    const { page } = await open(person);
    await title('You belong to no organization yet', page);
    await title('Brightwater invites you as member', page);

    await button('Accept', page).click();

    await main(page).getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    await main(page).getByRole('heading', { name: 'OpenAI' }).waitFor();
    expect(page.url()).toContain(`#/${organization.id}/models`);
  });

  it('declines one, and makes an organization', async () => {
    const { organization, owner } = await aWorld();
    const person = await somebody();
    await ask(InviteMember, { input: { organizationId: organization.id, userId: person.id } }, { as: owner });
    const { page } = await open(person);
    await button('Decline', page).click();
    await page.getByText('The invitation is declined.').waitFor();
    await page.getByRole('heading', { name: /invites you/ }).waitFor({ state: 'detached' });

    await page.getByLabel('Name of a new organization').fill('Nadia and daughters');
    await button('Create it', page).click();

    await switchOf('OpenAI', page).waitFor();
    await page.getByText('Nadia and daughters').waitFor();
    await page.getByText('Owner', { exact: true }).waitFor();
  });
});

describe('a user of several organizations', () => {
  it('goes from one to the other, each with its own draft', async () => {
    const [one, other] = [await aWorld(), await aWorld()];
    const name = 'Second';
    await db.organization.update({ where: { id: other.organization.id }, data: { name } });
    await db.membership.create({
      data: { userId: one.admin.id, organizationId: other.organization.id, role: 'ADMIN' },
    });
    await heard();
    const { page } = await open(one.admin, { address: `${one.organization.id}/models` });
    await live(page);
    await switchOf('Mistral', page).click();
    await summary(page, /Blocks/);

    await page.getByLabel('Organization').selectOption(name);
    await providerIs('on', 'Mistral', page);
    expect(await draftBar(page).isVisible()).toBe(false);
    expect(page.url()).toContain(other.organization.id);
    await eventually(async () => expect(await page.title()).toBe('Models · Second · Modelgate'));

    await page.goBack();
    await providerIs('off', 'Mistral', page);
    await summary(page, /Blocks/);
  });
});

describe('the demo world', () => {
  it('is seen as any of its personas', async () => {
    restart({ demo: { ...trustedIssuer, jwks: { keys: [] }, mint: (id: string) => tokenOf({ id }) } });
    const { page } = await visit();
    const as = (persona: string) => page.getByLabel('Demo persona').selectOption(persona);
    await page.getByText('Jonas Okafor').waitFor();
    await switchOf('Mistral', page).click();
    await summary(page, /Blocks/);

    await as('member');
    await page.getByText('Lena Petrova').waitFor();
    await page.getByRole('switch').first().waitFor({ state: 'detached' });
    expect(await draftBar(page).isVisible()).toBe(false);
    await as('outsider');
    await title('You do not belong to this organization', page);
    await button('Open Northstar Logistics', page).click();
    const isThere = async () => {
      await page.getByText(demoPeople.find(({ persona }) => persona === 'outsider')?.name ?? '').waitFor();
      await switchOf('Mistral', page).waitFor();
    };
    await isThere();
    await page.reload();
    await isThere();
  });
});
