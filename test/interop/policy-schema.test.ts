import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parsePolicyDocument } from '../../src/domain/policy/policy-document.ts';
import { policySchemaOf } from '../../src/domain/policy/policy-schema.ts';
import { limitsOf } from '../../src/limits.ts';

const limits = limitsOf();
const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(policySchemaOf(limits));

function isRead(text: string): boolean {
  try {
    return parsePolicyDocument(text, limits) !== undefined;
  } catch {
    return false;
  }
}

describe('the JSON Schema of a policy', () => {
  it.each([
    ['{}', true],
    ['organizationId: org_1\n$schema: https://modelgate.example/v1/policy.schema.json', true],
    ['disabledProviders: [openai]\ndisabledModels: [gpt-4o, "yes"]\ndefaultModelKey: gpt-4o', true],
    ['defaultModelKey: null', true],
    ['allowedModels: []\nnewModels: REVIEW\nreviewedAt: 2026-11-22T00:00:00.000Z', true],
    ['allowedModels: null\nreviewedAt: null\napprovedModels: [openai/gpt-4o]', true],
    ['aliases: {fast: [gpt-4o-mini], Best-2: [openai/gpt-4o, gpt-4.1]}', true],
    ['scopes: {role_member: {allowedModels: []}, team_a: {disabledProviders: [openai], disabledModels: [x*y]}}', false],
    ['scopes: {role_member: {allowedModels: []}, team_a: {disabledProviders: [openai], disabledModels: [xy*]}}', true],
    ['scopes: {team_a: {defaultModelKey: gpt-4o}}', false],
    ['scopes: {role_other: {}}', false],
    ['aliases: {fast: []}', false],
    ['aliases: {-fast: [gpt-4o]}', false],
    ['aliases: {fast: [gpt-4o*]}', false],
    [`aliases: {fast: [${'abcdefghijk'.split('')}]}`, false],
    ['approvedModels: [openai/*]', false],
    ['newModels: DENY', false],
    ['reviewedAt: 2026-11-22', false],
    ...['gpt-4o*', 'openai/*', 'ab*', 'a', ' GPT-4o mini ', 'mdl_openai/gpt-4o*'].map((entry): [string, boolean] => [
      `disabledModels: [${JSON.stringify(entry)}]`,
      true,
    ]),
    ...['*', 'a*', 'a*b', '/x/', 'gpt-4 *', '**', ' *', 'a**'].map((entry): [string, boolean] => [
      `allowedModels: [${JSON.stringify(entry)}]`,
      false,
    ]),
    ['{"__proto__": {}}', false],
    ['disabledModels: gpt-4o', false],
    ['disabledModels: [1]', false],
    ['disabledModels: [""]', false],
    [`disabledModels: [${'a'.repeat(201)}]`, false],
    [`disabledModels: [${'a,'.repeat(251)}]`, false],
    ['disabledModels: ["a\\u0007"]', false],
    ['defaultModelKey: true', false],
    ['[]', false],
  ])('allows what the service reads, and nothing else: %s', (text, expected) => {
    expect({ schema: isValid(parse(text)), parser: isRead(text) }).toEqual({ schema: expected, parser: expected });
  });

  it('has no pattern that validators of other languages do not understand', () => {
    const patterns = JSON.stringify(policySchemaOf(limits)).match(/"pattern":"[^"]*"/g) ?? [];

    expect(new Set(patterns).size).toBe(6);
    // Classes of characters, groups and repetitions alone: no letter behind a backslash, and nothing that looks around.
    for (const pattern of patterns) expect(pattern).not.toMatch(/\\\\|\(\?/);
  });
});
