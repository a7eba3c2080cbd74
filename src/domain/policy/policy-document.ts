import { stringify } from 'yaml';
import { z } from 'zod';
import { nearestWord } from '../../catalog/edit-distance.ts';
import { excerpt, maxIssues, ValidationError, type ValidationIssue } from '../../errors/base.ts';
import { type Limits, maxIdLength } from '../../limits.ts';
import { policyFields } from '../../policy/policy-fields.ts';
import {
  documentOf,
  listKeys,
  type Policy,
  policyKeys,
  policyOf,
  type PolicyDocument as StoredPolicy,
} from '../../policy/policy-value.ts';
import { parseYaml, type YamlDocument } from './yaml-document.ts';

/** How a document is written. */
export type DocumentFormat = 'JSON' | 'YAML';

/** A policy as it is written in a file. What the document does not name is as by default. */
export interface PolicyDocument {
  /** The organization that the document is of; undefined: any. */
  organizationId: string | undefined;
  policy: Policy;
  /** A fault of the field with this path, with its line and column. */
  faultAt: YamlDocument['faultAt'];
}

/** Bytes of a document at most, as UTF-8. */
export const maxDocumentBytes = 262_144;

/** Levels of lists and mappings, with the text around them. */
const maxDepth = 32;

/** Tokens of a document without entries, for its comments, blank lines and fields, and of each entry: its mark, blanks, comment and value. */
const baseTokens = 4_000;
const tokensPerEntry = 16;

/** The keys of a document that are no fields of the policy. */
const head = {
  $schema: z.string().optional().describe('The address of this schema, for editors. It has no effect.'),
  organizationId: z
    .string()
    .min(1, 'must not be empty')
    .max(maxIdLength, `must not be longer than ${maxIdLength} characters`)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')
    .optional()
    .describe('The id of the organization. With it, the document is refused for any other.'),
};
const documentKeys = [...Object.keys(head), ...policyKeys];

/** Tokens of a document at most. */
export function maxDocumentTokens({ inputList, policyEntries }: Limits): number {
  return baseTokens + tokensPerEntry * Math.max(policyEntries, listKeys.length * inputList);
}

/** What a document may say: the head, and the fields of a policy, none of which is required. */
export function documentSchema({ inputList }: Limits, kept?: ReadonlySet<string>) {
  return z.strictObject({ ...head, ...z.object(policyFields(inputList, kept)).partial().shape });
}

/**
 * Parses the document of a policy, in YAML or JSON. Whether its providers and models exist is not checked here. The names of `kept` are
 * taken as they are.
 * @throws ValidationError with the path, line and column of the first faults
 */
export function parsePolicyDocument(text: string, limits: Limits, kept?: ReadonlySet<string>): PolicyDocument {
  const tokens = maxDocumentTokens(limits);
  const { value, faultAt } = parseYaml(text, { bytes: maxDocumentBytes, depth: maxDepth, tokens });
  const { success, data, error } = documentSchema(limits, kept).safeParse(value, { error: explain });
  if (!success) throw new ValidationError(faultsOf(error, faultAt));
  const { $schema: _, organizationId, ...fields } = data;
  return { organizationId, policy: policyOf(withoutUndefined(fields)), faultAt };
}

/**
 * Writes the document of a policy: keys in canonical order, lists as they are, without what is as by default. With
 * `organizationId` it says whose it is.
 */
export function writePolicyDocument(policy: Policy, format: DocumentFormat, organizationId?: string): string {
  const document = { ...(organizationId === undefined ? {} : { organizationId }), ...documentOf(policy) };
  if (format === 'JSON') return `${JSON.stringify(document, null, 2)}\n`;
  // Quotes also what older readers of YAML take for something else than text, such as `yes`.
  return stringify(document, { version: '1.2', compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

/**
 * Refuses a document that says that it is of another organization.
 * @throws ValidationError
 */
export function refuseForeignDocument({ organizationId, faultAt }: PolicyDocument, wanted: string): void {
  if (organizationId === undefined || organizationId === wanted) return;
  const message = `is ${excerpt(organizationId)}: this is a document of another organization`;
  throw new ValidationError([faultAt(['organizationId'], message)]);
}

/** What was parsed from text: fields that are not there are absent. */
function withoutUndefined(fields: Partial<Record<keyof Policy, unknown>>): StoredPolicy {
  return fields as StoredPolicy;
}

function faultsOf({ issues }: z.ZodError, faultAt: YamlDocument['faultAt']): ValidationIssue[] {
  return issues
    .flatMap((issue) => {
      if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
      const isInScope = issue.path.length > 0;
      return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknownKey(key, isInScope) }));
    })
    .slice(0, maxIssues)
    .map(({ path, message }) => faultAt(path, message));
}

function unknownKey(key: string, isInScope: boolean): string {
  const keys = isInScope ? listKeys : documentKeys;
  const near = nearestWord(key, keys);
  return near === undefined
    ? `is unknown; ${isInScope ? 'a scope' : 'a policy'} has ${keys.join(', ')}`
    : `is unknown; did you mean ${near}?`;
}

/** What a value of the wrong type should have been. */
function explain(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  switch (issue.expected) {
    case 'object':
      return 'must have fields, with a colon and a blank behind each name; write {} for a policy that sets nothing';
    case 'string':
      return typeof issue.input === 'object' && issue.input !== null
        ? 'must be text'
        : 'must be text; put it in quotes';
    default:
      return undefined;
  }
}
