import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { SetAlias } from '../kit/aliases.ts';
import { authzenOf, model, use } from '../kit/authzen.ts';
import { anApiKey } from '../kit/keys.ts';
import { AskFor, setScope } from '../kit/scopes.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';

const service = await startService();
const world = await service.aWorld();
const { organization, admin, member, owner, stranger } = world;
const { id: keyId, token } = await anApiKey(service, world, ['READ']);
const team = await aTeam(service.db, organization, { members: [member] });
const authzen = authzenOf(service);
const input = { organizationId: organization.id, name: 'fast', targets: ['gpt-4o-mini', 'o3'] };
await service.ask(SetAlias, { input }, { as: admin });

const names = ['gpt-4o', 'openai/gpt-4o-mini', 'GPT-4o mini', 'fast', 'gpt-99', 'gemini-2.5-pro', 'o3'];
const subjects = [
  { type: 'user', id: member.id },
  { type: 'user', id: owner.id },
  { type: 'user', id: stranger.id },
  { type: 'service', id: keyId },
  { type: 'team', id: team.id },
  { type: 'role', id: 'role_member' },
];
const changes = fc.record({
  of: fc.constantFrom(member.id, team.id, keyId, 'role_member', 'role_owner'),
  disabledModels: fc.subarray(['gpt-4o', 'openai/*', 'o3', 'gpt-4o-mini']),
  disabledProviders: fc.subarray(['google']),
  allowedModels: fc.option(fc.subarray(['openai/*', 'gemini-2.5-pro']), { freq: 2 }),
});

async function decidedByGraph(modelKey: string, subjectId: string) {
  const asked = { organizationId: organization.id, modelKey, subjectId };
  const { data } = await service.ask(AskFor, asked, { token, once: true });
  return [data?.modelAccess.allowed, data?.modelAccess.reasons];
}

it('a decision is the same alone, in a batch, in a search and in the graph, by whatever policy', async () => {
  await fc.assert(
    fc.asyncProperty(changes, async ({ of, ...lists }) => {
      await setScope(service, world, of, lists);
      for (const subject of subjects) {
        const evaluations = names.map((name) => ({ resource: model(name) }));
        const batch = await authzen('evaluations', { subject, action: use, evaluations }, { token });
        const search = await authzen(
          'search/resource',
          { subject, action: use, resource: { type: 'model' } },
          { token },
        );
        const found = search.body.results.map(({ id }: { id: string }) => id);
        for (const [index, name] of names.entries()) {
          const { body: alone } = await authzen(
            'evaluation',
            { subject, action: use, resource: model(name) },
            { token },
          );
          const { decision, context } = batch.body.evaluations[index];
          const expected = await decidedByGraph(name, subject.id);
          expect([alone.decision, alone.context.reasons]).toEqual(expected);
          expect([decision, context.reasons]).toEqual(expected);
          const known = name === 'fast' ? undefined : readCatalog().find(name);
          if (known) expect(found.includes(`${known.provider}/${known.modelId}`)).toBe(alone.decision);
        }
      }
    }),
    { numRuns: 12 },
  );
});
