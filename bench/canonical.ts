import type { Contender, Scenario } from './processes/question.ts';

/**
 * One shape for the answers of all contenders to the same question, so that their content can be compared; `isJoined`
 * leaves out of a configuration what none can say that only joins tables.
 */
export function canonical(
  contender: Contender,
  scenario: Scenario,
  body: string,
  { isJoined }: { isJoined: boolean },
): unknown {
  const answer = JSON.parse(body);
  switch (scenario) {
    case 'settings':
      return settings(contender === 'postgraphile' ? flat(answer.data.organizationByRowId) : one(contender, answer));
    case 'access':
    case 'entities':
      return one(contender, answer);
    case 'configs':
      return page(one(contender, answer));
    case 'configs-deep':
      return contender === 'postgraphile'
        ? page(answer.data.organizationByRowId.modelConfigsByOrganizationId)
        : page(one(contender, answer), isJoined ? [] : ['model', 'access', 'keyStatus']);
    default:
      throw new Error(`${scenario} is not compared`);
  }
}

/** What the one field of an answer says; plain HTTP has no field around it. */
function one(contender: Contender, answer: { data: Record<string, unknown> }): never {
  return (contender === 'plain' ? answer : Object.values(answer.data)[0]) as never;
}

function flat({ revision, modelSettingByOrganizationId }: { revision: number; modelSettingByOrganizationId: object }) {
  return { revision, ...modelSettingByOrganizationId } as never;
}

function settings(of: Record<string, string>) {
  return { ...of, updatedAt: new Date(of.updatedAt ?? Number.NaN).toISOString() };
}

/** Cursors are each contender's own. */
function page(
  { edges, pageInfo }: { edges: { node: Record<string, unknown> }[]; pageInfo: Record<string, unknown> },
  more: readonly string[] = [],
) {
  const fields = ['id', 'provider', 'modelId', 'isEnabled', ...more];
  const nodes = edges.map(({ node }) => Object.fromEntries(fields.map((field) => [field, node[field]])));
  return { nodes, hasNextPage: pageInfo.hasNextPage, hasCursor: typeof pageInfo.endCursor === 'string' };
}
