import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { PrismaDatabase } from '../../src/database/pool/client.ts';
import { idOf } from '../../src/domain/organizations/identity.ts';
import { createTestDatabase } from '../kit/database.ts';
import { trustedIssuer } from '../kit/issuer.ts';
import { aMember, anOrganization } from '../kit/world.ts';
import { aBlankDatabase } from './bootstrapping.ts';
import { ownFolder, run } from './process.ts';

let on: Awaited<ReturnType<typeof aBlankDatabase>>;
let db: PrismaDatabase;
beforeEach(async () => {
  on = await aBlankDatabase();
  ({ db } = on);
});

const bootstrap = (...parameters: string[]) => on.bootstrap(parameters);
const bootstrapJson = (...parameters: string[]) => on.bootstrapJson(parameters);
const acme = ['--organization', 'Acme', '--owner', 'user_2Mara'];

/** All that a run could change. */
const stateOf = async () =>
  JSON.stringify([
    await db.organization.findMany(),
    await db.membership.findMany(),
    await db.user.findMany(),
    await db.userIdentity.findMany(),
    await db.revision.findMany(),
  ]);

describe('bootstrap', () => {
  it('creates an organization with an owner who has never signed in, and says how to go on', async () => {
    const { code, stdout, stderr } = await bootstrap(...acme);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Created the organization "Acme" \(org_\w+\), owned by the user user_2Mara\.\n\nNext:\n/);
    const [organization] = await db.organization.findMany();
    expect(organization).toMatchObject({ name: 'Acme', revision: 1 });
    expect(await db.membership.findMany()).toMatchObject([{ userId: 'user_2Mara', role: 'OWNER' }]);
    expect(await db.userIdentity.findMany()).toMatchObject([
      { issuer: trustedIssuer.issuer, subject: 'user_2Mara', userId: 'user_2Mara', profileAt: null },
    ]);
    expect(await db.revision.findMany()).toMatchObject([
      {
        organizationId: organization?.id,
        action: 'ORGANIZATION_CREATED',
        actorId: null,
        actorApiKeyId: null,
        before: null,
        after: { name: 'Acme', ownerId: 'user_2Mara' },
      },
    ]);
  });

  it('changes nothing when it is run again, also twice at the same time', async () => {
    const [first, second] = await Promise.all([bootstrapJson(...acme), bootstrapJson(...acme)]);
    const before = await stateOf();

    const third = await bootstrapJson(...acme);

    expect([first.outcome, second.outcome].toSorted()).toEqual(['CREATED', 'UNCHANGED']);
    expect(third).toEqual({ ...first, outcome: 'UNCHANGED' });
    expect(await stateOf()).toBe(before);
    expect((await bootstrap(...acme)).stdout).toMatch(
      /^Nothing to do: the user user_2Mara is an owner of .* already\./,
    );
  });

  it('asks whether another owner shall be added to the organization of that name', async () => {
    const { organizationId } = await bootstrapJson(...acme);
    const before = await stateOf();
    const other = ['--organization', 'Acme', '--owner', 'user_2Jonas'];

    const refused = await bootstrap(...other);

    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: `There is an organization "Acme" already (${organizationId}), and this is not its owner. To add one: --add. To create another: another name.\n`,
    });
    expect(await stateOf()).toBe(before);
    expect(await bootstrapJson(...other, '--add')).toMatchObject({ outcome: 'ADDED', organizationId });
    expect(await db.revision.findMany({ where: { number: 2 } })).toMatchObject([
      { action: 'MEMBER_ADDED', subjectId: 'user_2Jonas', actorId: null, after: { role: 'OWNER' } },
    ]);
    expect(await bootstrapJson(...other)).toMatchObject({ outcome: 'UNCHANGED', organizationId });
  });

  it('makes a member an owner of the organization with this id', async () => {
    const organization = await anOrganization(db, 'Acme');
    await anOrganization(db, 'Acme');
    const member = await aMember(db, organization, 'MEMBER');

    const byName = await bootstrap('--organization', 'Acme', '--owner', member.id, '--add');
    const byId = await bootstrapJson('--organization', organization.id, '--owner', member.id);
    const absent = await bootstrap('--organization', 'org_absent', '--owner', member.id);

    expect(byName).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There are 2 organizations "Acme" already'),
    });
    expect(byId).toMatchObject({ outcome: 'ADDED', organizationId: organization.id, userId: member.id });
    expect(await db.membership.findMany()).toMatchObject([{ userId: member.id, role: 'OWNER' }]);
    expect(absent).toEqual({ code: 1, stdout: '', stderr: 'There is no organization org_absent.\n' });
    // The id of a user is no new subject of the issuer.
    expect(await db.userIdentity.count()).toBe(1);
  });

  it('gives a subject that is no id of ours the user that its first sign-in has', async () => {
    const first = await bootstrapJson('--organization', 'Acme', '--owner', 'auth0|5f7c');
    const second = await bootstrapJson('--organization', 'Bravo', '--owner', 'auth0|5f7c');

    expect(first.userId).toMatch(/^usr_[0-9a-z]{26}$/);
    expect(second.userId).toBe(first.userId);
    expect(await db.userIdentity.findMany()).toMatchObject([{ subject: 'auth0|5f7c', userId: first.userId }]);
  });

  it('finds the issuer by its name, and the ids that its subjects get', async () => {
    const issuers = [trustedIssuer.issuer, 'https://other.test'].map((issuer) => ({
      issuer,
      jwksUrl: on.env.AUTH_JWKS_URL,
      keepsIds: issuer === trustedIssuer.issuer,
    }));
    const variables = { AUTH_ISSUER: '', AUTH_JWKS_URL: '', AUTH_ISSUERS: JSON.stringify(issuers) };
    const bravo = ['--organization', 'Bravo', '--owner', 'user_2Jonas', '--issuer', 'https://other.test'];
    const first = await on.bootstrapJson(acme, variables);
    const other = await on.bootstrapJson(bravo, variables);
    const unknown = await on.bootstrap([...acme, '--issuer', 'https://unknown.test'], variables);

    expect(first.userId).toBe('user_2Mara');
    expect(other.userId).toBe(idOf('usr', { issuer: 'https://other.test', externalId: 'user_2Jonas' }));
    expect(unknown).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'The service does not trust the issuer https://unknown.test: it is not AUTH_ISSUER, or in AUTH_ISSUERS.\n',
    });
  });

  it('never takes the user of another identity', async () => {
    const { userId } = await bootstrapJson('--organization', 'Acme', '--owner', 'auth0|5f7c');
    await db.userIdentity.updateMany({ data: { issuer: 'https://other.test' } });

    const other = await bootstrapJson('--organization', 'Bravo', '--owner', 'auth0|5f7c');

    expect(other.userId).toMatch(/^usr_/);
    expect(other.userId).not.toBe(userId);
  });

  it.each([
    [['--owner', 'user_2Mara'], /^Which organization\?\n\nUsage: npm run bootstrap /],
    [['--organization', 'Acme'], /^Who shall own it\?\n\nUsage: npm run bootstrap /],
    [['--organization', ' ', '--owner', 'user_2Mara'], /^--organization must not be empty\.\n$/],
    [
      ['--organization', 'x'.repeat(201), '--owner', 'a'],
      /^--organization must not be longer than 200 characters\.\n$/,
    ],
    [
      ['--organization', 'Acme', '--owner', ''],
      /^--owner is empty\. Give the subject as it is in the user's tokens \(sub\)\.\n$/,
    ],
    [['--organization', 'Acme', '--owner', ' a'], /^--owner begins or ends with a blank\. /],
    [['--organization', 'Acme', '--owner', 'a\nb'], /^--owner has control characters\. /],
    [['--organization', 'Acme', '--owner', 'ä'.repeat(256)], /^--owner is longer than 255 characters\. /],
    [[...acme, '--force'], /^Unknown option '--force'\.\n\nUsage: npm run bootstrap /],
  ])('says what is wrong with %j, and changes nothing', async (parameters, message) => {
    const { code, stdout, stderr } = await bootstrap(...parameters);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(await db.organization.count()).toBe(0);
    expect(await db.user.count()).toBe(0);
  });
});

describe('bootstrap, before it can', () => {
  it.each([
    [{}, /^DATABASE_URL is not set\. The embedded mode has owners of its own: npm run -s token -- owner /],
    [{ DATABASE_URL: 'postgresql://x:hunter2@127.0.0.1:1/x' }, /^AUTH_ISSUER is not set\. /],
    [
      {
        DATABASE_URL: 'postgresql://x:hunter2@127.0.0.1:1/x',
        AUTH_ISSUER: 'https://i.test',
        AUTH_JWKS_URL: 'https://i.test',
      },
      /^The database at 127\.0\.0\.1:1 cannot be reached: .*\.\n$/,
    ],
  ])('says what is missing in a sentence: %j', async (variables, sentence) => {
    const { code, stdout, stderr } = await run(['bootstrap', ...acme], {
      env: { DATA_DIR: await ownFolder(), ...variables },
    });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('hunter2');
  });

  it('says that migrations are missing', async () => {
    const blank = await createTestDatabase({ blank: true });
    onTestFinished(() => blank.drop());

    const { code, stderr } = await run(['bootstrap', ...acme], { env: { ...on.env, DATABASE_URL: blank.url } });

    expect(code).toBe(1);
    expect(stderr).toContain('npm run migrate');
  });

  it('explains itself', async () => {
    const { code, stdout } = await run(['bootstrap', '--help']);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: npm run bootstrap -- --organization NAME --owner SUBJECT/);
  });
});
