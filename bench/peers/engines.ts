// Policy engines in process, with an equal policy: some models are allowed, some denied, and what is denied is so though it is allowed.
import { createRequire } from 'node:module';
import { createMongoAbility, subject } from '@casl/ability';
import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import type { Engine, Lists } from '../engine.ts';

export async function createEngines(lists: Lists): Promise<Engine[]> {
  return [cedar(lists), await casbin(lists), casl(lists)];
}

/** Cedar in WebAssembly, with policies that are parsed before. */
function cedar({ allowed, denied }: Lists): Engine {
  const { preparsePolicySet, statefulIsAuthorized } = createRequire(import.meta.url)(
    '@cedar-policy/cedar-wasm/nodejs',
  ) as typeof import('@cedar-policy/cedar-wasm/nodejs');
  const setOf = (models: readonly string[]) => models.map((model) => `Model::"${model}"`).join(', ');
  const policies = `
    permit (principal in Role::"member", action == Action::"use", resource) when { [${setOf(allowed)}].contains(resource) };
    forbid (principal, action == Action::"use", resource) when { [${setOf(denied)}].contains(resource) };`;
  const parsed = preparsePolicySet('bench', { staticPolicies: policies });
  if (parsed.type === 'failure') throw new Error(JSON.stringify(parsed.errors));
  const principal = { type: 'User', id: 'usr_a' };
  const member = { uid: principal, attrs: {}, parents: [{ type: 'Role', id: 'member' }] };
  return {
    name: '@cedar-policy/cedar-wasm',
    isAllowed: (model) => {
      const answer = statefulIsAuthorized({
        principal,
        action: { type: 'Action', id: 'use' },
        resource: { type: 'Model', id: model },
        context: {},
        preparsedPolicySetId: 'bench',
        entities: [member],
      });
      if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
      return answer.response.decision === 'allow';
    },
  };
}

/** Casbin, with a line for each model. */
async function casbin({ allowed, denied }: Lists): Promise<Engine> {
  const model = newModelFromString(`
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.obj == p.obj && r.act == p.act && g(r.sub, p.sub)`);
  const lines = [
    ...allowed.map((name) => `p, member, ${name}, use, allow`),
    ...denied.map((name) => `p, member, ${name}, use, deny`),
    'g, usr_a, member',
  ];
  const enforcer = await newEnforcer(model, new StringAdapter(lines.join('\n')));
  return { name: 'casbin', isAllowed: (name) => enforcer.enforceSync('usr_a', name, 'use') };
}

/** CASL, with a rule for what is allowed and one for what is denied. */
function casl({ allowed, denied }: Lists): Engine {
  const ability = createMongoAbility([
    { action: 'use', subject: 'Model', conditions: { id: { $in: [...allowed] } } },
    { action: 'use', subject: 'Model', conditions: { id: { $in: [...denied] } }, inverted: true },
  ]);
  return { name: '@casl/ability', isAllowed: (id) => ability.can('use', subject('Model', { id })) };
}
