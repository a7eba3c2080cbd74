import { describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { aBlankDatabase } from './bootstrapping.ts';
import { addressOf, run, runs } from './process.ts';

/** What a line answers that is pasted into a terminal. */
const paste = async (line: string, given: Record<string, string>) => {
  const { code, stdout: answer } = await run(['-c', line], { program: '/bin/sh', env: given });
  expect(code).toBe(0);
  return JSON.parse(answer);
};

/** A service on a blank database, and the port that the commands that are printed shall name. */
async function aBlankService() {
  const on = await aBlankDatabase();
  const service = runs(['serve'], { env: on.env });
  const { port } = new URL(await addressOf(service));
  return { ...on, PORT: port };
}

describe('what bootstrap prints', () => {
  it('leads from nothing to a decision that an API key asks for: its commands are pasted as they are', async () => {
    const { bootstrap, PORT } = await aBlankService();
    const owner = ['--organization', 'Acme', '--owner', 'auth0|5f7c'];
    const { stdout } = await bootstrap(owner, { PORT });
    const [whoAmI = '', createKey = '', decide = ''] = stdout.match(/^ {3}curl .*$/gm) ?? [];
    const TOKEN = await mint({ sub: 'auth0|5f7c', name: 'Mara Lindqvist' });

    expect(await paste(whoAmI, { TOKEN })).toMatchObject({
      data: { caller: { user: { id: expect.stringMatching(/^usr_/) }, memberships: [{ role: 'OWNER' }] } },
    });
    const { data } = await paste(createKey, { TOKEN });
    expect(data.createApiKey.secret).toMatch(/^mgk_/);
    expect(await paste(decide, { API_KEY: data.createApiKey.secret })).toEqual({
      data: { modelAccess: { allowed: true, reasons: [] } },
    });
    // By default operators alone create organizations.
    const refused = await paste(
      whoAmI.replace(/--data '.*'$/, `--data 'mutation { createOrganization(input: { name: "x" }) { __typename } }'`),
      { TOKEN },
    );
    expect(refused).toEqual({ data: { createOrganization: { __typename: 'ModelgateForbiddenError' } } });
  });

  it('invites an address: whoever signs in with it, verified, accepts', async () => {
    const { db, bootstrap, bootstrapJson, PORT } = await aBlankService();
    const mara = ['--organization', 'Acme', '--owner', 'Mara@Acme.example'];

    const { code, stdout } = await bootstrap(mara, { PORT });

    expect(code).toBe(0);
    expect(stdout).toMatch(/^Created the organization "Acme" \(org_\w+\), and invited Mara@Acme\.example\.\n/);
    expect(stdout).toContain('OPERATORS=<the id of the user, which step 1 tells>\n');
    expect(stdout).not.toContain('INVITATION_URL');
    const INVITATION_URL = 'https://app.example/join/{organizationId}/{invitationId}';
    const { link, organizationId, invitationId } = await bootstrapJson(mara, { INVITATION_URL });
    expect(link).toBe(`https://app.example/join/${organizationId}/${invitationId}`);
    expect((await bootstrap(mara, { INVITATION_URL })).stdout).toContain(
      `   ${link}   # on the page of INVITATION_URL`,
    );
    const invited = await bootstrapJson(mara);
    expect(invited).toMatchObject({ outcome: 'UNCHANGED', userId: null, invitationId: expect.stringMatching(/^inv_/) });
    const actions = await db.revision.findMany({ orderBy: { number: 'asc' } });
    expect(actions).toMatchObject([
      { action: 'ORGANIZATION_CREATED', actorId: null, after: { name: 'Acme', ownerId: null } },
      { action: 'MEMBER_INVITED', actorId: null, after: { email: 'mara@acme.example', role: 'OWNER' } },
    ]);
    const [, accept = '', createKey = ''] = stdout.match(/^ {3}curl .*$/gm) ?? [];
    const claims = { sub: 'auth0|mara', email: 'mara@acme.example' };
    const unverified = await paste(accept, { TOKEN: await mint(claims) });
    expect(unverified).toMatchObject({ data: { acceptInvitation: { code: 'NOT_FOUND' } } });
    const TOKEN = await mint({ ...claims, email_verified: true });
    expect(await paste(accept, { TOKEN })).toEqual({ data: { acceptInvitation: { role: 'OWNER' } } });
    expect(await paste(createKey, { TOKEN })).toMatchObject({ data: { createApiKey: { apiKey: {} } } });
    expect(await bootstrapJson(mara)).toEqual({ ...invited, invitationId: null });
    expect(await db.organization.count()).toBe(1);
  });

  it('invites an address to an organization that there is, where that is asked for', async () => {
    const { db, bootstrap, bootstrapJson } = await aBlankDatabase();
    const { organizationId } = await bootstrapJson(['--organization', 'Acme', '--owner', 'user_2Mara']);
    const jonas = ['--organization', 'Acme', '--owner', 'jonas@acme.example'];

    expect(await bootstrap(jonas)).toMatchObject({ code: 1, stderr: expect.stringContaining('--add') });
    expect(await db.invitation.count()).toBe(0);
    expect(await bootstrapJson([...jonas, '--add'])).toMatchObject({ outcome: 'ADDED', organizationId });
    expect(await db.invitation.findMany()).toMatchObject([
      { email: 'jonas@acme.example', role: 'OWNER', invitedById: null, state: 'PENDING' },
    ]);
    await db.invitation.updateMany({ data: { role: 'MEMBER' } });
    expect(await bootstrap([...jonas, '--add'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'email: is invited already; revokeInvitation takes that back.\n',
    });
  });
});
