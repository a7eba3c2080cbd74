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
    ['allowedModels: []', false],
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
    const patterns = JSON.stringify(policySchemaOf(limits)).match(/"pattern":"[^"]*"/g);

    expect(new Set(patterns)).toEqual(new Set([`"pattern":${JSON.stringify('^[^\u0000-\u001f\u007f-\u009f]*$')}`]));
  });
});
