import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePolicyDocument } from '../../src/domain/policy/policy-document.ts';
import { policyOf } from '../../src/policy/policy-value.ts';
import { anApiKey } from '../kit/keys.ts';
import { anyChange, ChangePolicy } from '../kit/policy.ts';
import { ApplyPolicy, ReadPolicyDocument } from '../kit/policy-documents.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const { ask, aWorld, db } = await startService();

type Asking = Parameters<typeof ask>[2];

async function apply(
  { organization, admin }: World,
  document: string,
  more: object = {},
  asking: Asking = { as: admin },
) {
  const { data, errors } = await ask(
    ApplyPolicy,
    { input: { organizationId: organization.id, document, ...more } },
    asking,
  );
  expect(errors).toBe(undefined);
  return data?.applyPolicy ?? expect.fail();
}

async function documentOf({ organization, admin }: World, variables: object = {}, asking: Asking = { as: admin }) {
  const { data, errors } = await ask(ReadPolicyDocument, { organizationId: organization.id, ...variables }, asking);
  expect(errors).toBe(undefined);
  return data?.policyDocument ?? expect.fail();
}

/** All that a change could have written. */
const stateOf = async ({ organization: { id } }: World) => ({
  revision: (await db.organization.findUniqueOrThrow({ where: { id } })).revision,
  settings: await db.modelSettings.findUnique({ where: { organizationId: id } }),
  entries: await db.revision.findMany({ where: { organizationId: id }, orderBy: { number: 'asc' } }),
});

const policy =
  'disabledProviders: [mistral]\ndisabledModels: [GPT-4o mini, a model of tomorrow]\ndefaultModelKey: gpt-4o\n';

describe('a policy that is applied as a document', () => {
  it('is what the document says, as the catalog spells it, in one revision', async () => {
    const world = await aWorld();

    const applied = await apply(world, policy, { reason: 'Terms of Mistral', expectedRevision: 0 });

    const disabledModels = ['openai/gpt-4o-mini', 'a model of tomorrow'];
    expect(applied).toEqual({
      __typename: 'OrganizationModelSettings',
      settingsRevision: 1,
      disabledProviders: ['mistral'],
      disabledModels,
      defaultModelKey: 'gpt-4o',
    });
    expect((await stateOf(world)).entries).toMatchObject([
      {
        number: 1,
        action: 'POLICY_APPLIED',
        actorId: world.admin.id,
        reason: 'Terms of Mistral',
        after: { disabledModels },
      },
    ]);
    expect(await documentOf(world, { format: 'YAML' })).toBe(
      `organizationId: ${world.organization.id}\ndisabledProviders:\n  - mistral\ndisabledModels:\n  - openai/gpt-4o-mini\n  - a model of tomorrow\ndefaultModelKey: gpt-4o\n`,
    );
    expect(await documentOf(world, { atRevision: 0 })).toBe(`{\n  "organizationId": "${world.organization.id}"\n}\n`);
  });

  it('makes one revision, however often it is applied, also in the other format and in another order', async () => {
    const world = await aWorld();
    await apply(world, policy);
    const before = await stateOf(world);

    await apply(world, policy);
    await apply(world, await documentOf(world, { format: 'JSON' }));
    await apply(
      world,
      '{"defaultModelKey": "gpt-4o", "disabledModels": ["a model of tomorrow", "gpt-4o-mini"], "disabledProviders": ["mistral"]}'.replace(
        'gpt-4o-mini',
        'openai/gpt-4o-mini',
      ),
    );

    expect(await stateOf(world)).toEqual(before);
  });

  it('takes away what it does not name', async () => {
    const world = await aWorld();
    await apply(world, policy);

    expect(await apply(world, '{}')).toMatchObject({
      disabledProviders: [],
      disabledModels: [],
      defaultModelKey: null,
    });
  });

  it('is tried with its impact and warnings, and nothing is written', async () => {
    const world = await aWorld();
    await apply(world, 'disabledProviders: [mistral]');
    const before = await stateOf(world);

    const preview = await apply(world, 'disabledModels: [gpt-4o, gpt-4oo]', { dryRun: true, expectedRevision: 1 });

    expect(preview).toMatchObject({
      __typename: 'PolicyPreview',
      revision: 1,
      changes: [
        { field: 'disabledModels', added: ['gpt-4o', 'gpt-4oo'], removed: [] },
        { field: 'disabledProviders', added: [], removed: ['mistral'] },
      ],
      selectorWarnings: [{ message: expect.stringContaining('did you mean gpt-4o') }],
      document: '{\n  "disabledModels": [\n    "gpt-4o",\n    "gpt-4oo"\n  ]\n}\n',
    });
    if (preview.__typename !== 'PolicyPreview') return expect.fail();
    expect(preview.impact.newlyBlocked.map(({ model }) => model.id)).toContain('mdl_openai/gpt-4o');
    expect(await stateOf(world)).toEqual(before);
  });

  it('is tried with warnings of its scopes, each entry once', async () => {
    const world = await aWorld();
    const scopes =
      'scopes: {role_admin: {disabledModels: [gpt-4oo, o3]}, role_member: {allowedModels: [gpt-4oo, gpt-9*]}}';

    expect(await apply(world, `${scopes}\ndisabledModels: [gtp-4o]`, { dryRun: true })).toMatchObject({
      selectorWarnings: [
        { message: '"gtp-4o" names no model; did you mean gpt-4o?' },
        { message: expect.stringMatching(/^"gpt-4oo" names no model/) },
        { message: expect.stringMatching(/^"gpt-9\*" matches no model/) },
      ],
    });
  });

  it('changes nothing where it was written of the present policy, in both formats, at random', async () => {
    const world = await aWorld();
    const variables = { organizationId: world.organization.id };
    await fc.assert(
      fc.asyncProperty(anyChange, async (change) => {
        await ask(ChangePolicy, { input: { ...variables, defaultModelKey: null, ...change } }, { as: world.admin });
        for (const format of ['JSON', 'YAML']) {
          const preview = await apply(world, await documentOf(world, { format }), { dryRun: true });
          expect(preview).toMatchObject({ __typename: 'PolicyPreview', changes: [] });
        }
      }),
      { numRuns: 25 },
    );
  });

  it('changes nothing where it was written of a policy whose names the catalog has lost', async () => {
    const world = await aWorld();
    const lost = {
      disabledProviders: ['a provider of old'],
      disabledModels: ['GPT-4O', 'gpt-4o'],
      defaultModelKey: 'old',
    };
    const organizationId = world.organization.id;
    await db.modelSettings.create({ data: { organizationId, policy: lost, ...lost, updatedAt: new Date() } });

    expect(await apply(world, writePolicyDocument(policyOf(lost), 'YAML'), { dryRun: true })).toMatchObject({
      changes: [],
    });
    expect(await apply(world, 'disabledProviders: [another]')).toMatchObject({ code: 'INVALID_PROVIDER_SLUG' });
  });
});

describe('a document that cannot be applied', () => {
  const tooLong = `${' '.repeat(262_144)}{}`;
  it.each<[string, string | ((world: World) => string), object]>([
    [
      'of an unknown key',
      'disabledModels: []\ndisabledModel: [x]',
      { path: 'disabledModel', line: 2, column: 1, message: 'is unknown; did you mean disabledModels?' },
    ],
    ['with a key of prototypes', '{"__proto__": {"disabledModels": ["x"]}}', { path: '__proto__', line: 1, column: 2 }],
    [
      'with a key given twice',
      'disabledModels: [x]\ndisabledModels: [y]',
      { path: 'disabledModels', line: 2, message: 'is given twice' },
    ],
    ['with an anchor', 'disabledModels: &a [x]', { path: 'disabledModels', line: 1, column: 17 }],
    ['with a tag', 'disabledModels: !!set {x, y}', { path: 'disabledModels', line: 1 }],
    [
      'of one byte too many',
      tooLong.slice(1),
      { path: '', line: null, message: 'must not be longer than 262144 bytes' },
    ],
    [
      'of another organization',
      ({ foreignOrganization: { id } }) => `disabledModels: [x]\norganizationId: ${id}`,
      { path: 'organizationId', line: 2, column: 1 },
    ],
    [
      'of a default that is no chat model',
      'disabledModels: [x]\ndefaultModelKey: text-embedding-3-small',
      { path: 'defaultModelKey', line: 2 },
    ],
    ['that is empty', '', { path: '', line: 1 }],
  ])('is refused with path and line: one %s', async (_, text, issue) => {
    const world = await aWorld();
    await apply(world, policy);
    const before = await stateOf(world);

    for (const dryRun of [true, false]) {
      const refusal = await apply(world, typeof text === 'string' ? text : text(world), { dryRun });
      expect(refusal).toMatchObject({ __typename: 'ModelgateValidationError', issues: [issue] });
    }
    expect(await stateOf(world)).toEqual(before);
  });

  it.each([
    ['disabledProviders: [opnai]', {}, 'INVALID_PROVIDER_SLUG'],
    ['defaultModelKey: gpt-4oo', {}, 'UNKNOWN_MODEL'],
    ['defaultModelKey: gpt-4o\ndisabledProviders: [openai]', {}, 'DEFAULT_MODEL_DISABLED'],
    ['disabledModels: [x]', { expectedRevision: 0 }, 'REVISION_CONFLICT'],
    ['disabledModels: [x]', { reason: 'x'.repeat(501) }, 'VALIDATION_ERROR'],
  ])('is refused by its code: %s', async (text, more, code) => {
    const world = await aWorld();
    await apply(world, policy);
    const before = await stateOf(world);

    for (const dryRun of [true, false]) expect(await apply(world, text, { ...more, dryRun })).toMatchObject({ code });
    expect(await stateOf(world)).toEqual(before);
  });
});

describe('the document of a policy, for a service', () => {
  it('is read and applied with one API key, whose scope is SETTINGS_WRITE', async () => {
    const world = await aWorld();
    const { token } = await anApiKey({ ask }, world, ['SETTINGS_WRITE']);

    expect(await apply(world, policy, { dryRun: true }, { token })).toMatchObject({
      impact: { newlyBlockedCount: expect.any(Number) },
    });
    expect(await apply(world, policy, {}, { token })).toMatchObject({ __typename: 'OrganizationModelSettings' });
    expect(await documentOf(world, {}, { token })).toContain('"mistral"');
  });

  it('is not read or applied with a key that may read alone, or a key of another organization', async () => {
    const [world, other] = [await aWorld(), await aWorld()];
    for (const { token } of [
      await anApiKey({ ask }, world, ['READ']),
      await anApiKey({ ask }, other, ['SETTINGS_WRITE']),
    ]) {
      expect(await apply(world, policy, {}, { token })).toMatchObject({ __typename: 'ModelgateForbiddenError' });
      const { errors } = await ask(ReadPolicyDocument, { organizationId: world.organization.id }, { token });
      expect(errors?.[0]?.extensions.status).toBe(403);
    }
  });
});

it('the length of a document is paid for', async () => {
  const { ask: askStrictly, aWorld: aStrictWorld } = await startService({ limits: { complexity: 3_500 } });
  const { organization, admin } = await aStrictWorld();
  const of = async (characters: number) => {
    const document = `{} # ${'x'.repeat(characters)}`;
    const query = 'mutation ($input: ApplyPolicyInput!) { applyPolicy(input: $input) { __typename } }';
    const { errors } = await askStrictly(
      query,
      { input: { organizationId: organization.id, document } },
      { as: admin },
    );
    return errors?.[0]?.message;
  };

  expect(await of(180_000)).toBe(undefined);
  expect(await of(220_000)).toMatch(/^Complexity limit of 3500 exceeded/);
});
