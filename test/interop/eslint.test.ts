import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import plugin from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const schema = readFileSync(join(root, 'schema.graphql'), 'utf8');

const rules = {
  ...plugin.configs['flat/schema-recommended'].rules,
  ...plugin.configs['flat/schema-relay'].rules,
  // Short, closed lists (reasons, scopes, slugs, `nodes` of Relay itself) are lists; those that grow are connections.
  '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
  // Only what can be read again by its id has one.
  '@graphql-eslint/strict-id-in-types': [
    'error',
    {
      exceptions: {
        suffixes: ['Connection', 'Edge', 'Error', 'Payload'],
        types: [
          'Caller',
          'AliasImpact',
          'DefaultImpact',
          'EffectiveDefaultModel',
          'Membership',
          'ModelAccess',
          'ModelAccessCause',
          'ModelAlias',
          'ModelCandidate',
          'ModelGroup',
          'ModelImpact',
          'ModelOption',
          'ModelRefusal',
          'ModelResolution',
          'ModelUsage',
          'ModelUsagePoint',
          'ModelgateValidationIssue',
          'OrganizationRevision',
          'PageInfo',
          'Policy',
          'PolicyDiff',
          'PolicyImpact',
          'PolicyPreview',
          'ProviderKeySecret',
          'ReasoningCapability',
          'RejectedUsage',
          'RevisionChange',
          'ScopePolicy',
          'SelectorPreview',
          'SelectorWarning',
          'SkippedDefault',
          '_Service',
        ],
      },
    },
  ],
} as const;

/** What the names of our contract have against a rule that takes no exceptions. */
const accepted = [
  // A membership is found by its organization and user, and has no id of its own.
  "MembershipEdge: Edge type's field `node` must implement `Node` interface.",
  // The provider's word for it, beside our `id`.
  'modelId: Field "modelId" starts with the name of the parent type "Model"',
  // Counts of a period.
  "ModelRefusalEdge: Edge type's field `node` must implement `Node` interface.",
];

/** The names that federation prescribes. */
const isOfFederation = (fault: string) => /^_(entities|service|Any|Entity|Service): .*(underscores|Case)/.test(fault);

/** What the rules have against a schema, but for the names of federation: each with the name that it is about. */
async function faultsOf(sdl: string): Promise<string[]> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: {
      files: ['**/*.graphql'],
      languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig: { schema: sdl } } },
      plugins: { '@graphql-eslint': plugin as unknown as ESLint.Plugin },
      rules: structuredClone(rules) as never,
    },
  });
  const [result] = await eslint.lintText(sdl, { filePath: join(root, 'schema.graphql') });
  const lines = sdl.split('\n');
  const faults = (result?.messages ?? []).map(({ line, column, message }) => {
    const [name] = /^\w*/.exec(lines[line - 1]?.slice(column - 1) ?? '') ?? [];
    return `${name}: ${message}`;
  });
  return faults.filter((fault) => !isOfFederation(fault));
}

describe("graphql-eslint's rules for Relay and for schemas", () => {
  it('find nothing in the schema, but for names that are our contract', async () => {
    expect(await faultsOf(schema)).toEqual(accepted);
  });

  it.each([
    [
      'an edge without a cursor',
      /(type ModelEdge \{[^}]*?)"""[^"]*"""\s*cursor: String!/,
      '$1',
      /^ModelEdge: .*cursor/,
    ],
    [
      'a page without pageInfo',
      /(type ModelConnection \{[^}]*?)pageInfo: PageInfo!/,
      '$1page: Int',
      /^ModelConnection: .*pageInfo/,
    ],
    [
      'a field in another case',
      /defaultModelKey: String/,
      'default_model_key: String',
      /^default_model_key: .*camelCase/,
    ],
    [
      'a type without a description',
      /"""A user in an organization\."""\n/,
      '',
      /^Membership: .*Description is required/,
    ],
  ])('find %s', async (_fault, part, spoilt, finding) => {
    const faults = await faultsOf(schema.replace(part, spoilt));

    expect(faults.filter((fault) => !accepted.includes(fault))).toEqual([expect.stringMatching(finding)]);
  });
});
