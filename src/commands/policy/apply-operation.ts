import { z } from 'zod';
import { Printable } from '../printable.ts';

/** Models and configurations that a plan names at most; it counts all. */
const maxNamed = 20;

const query = `mutation ApplyPolicy($input: ApplyPolicyInput!) {
  applyPolicy(input: $input) {
    ... on PolicyPreview {
      revision
      changes { field added removed }
      selectorWarnings { message }
      impact {
        newlyBlockedCount
        newlyBlocked(first: ${maxNamed}) { model { provider modelId } recentUses recentUsers }
        newlyAllowedCount
        newlyAllowed(first: ${maxNamed}) { model { provider modelId } }
        modelConfigCount
        modelConfigs(first: ${maxNamed}) { id displayName provider modelId }
        hiddenModelConfigCount
        defaults { members from { provider modelId } to { provider modelId } }
        membersLeftWithoutModel
        recentUses
        recentCost
      }
    }
    ... on OrganizationModelSettings { revision }
    ... on ModelgateError { code message }
    ... on ModelgateValidationError { issues { path message line column } }
    ... on InvalidProviderSlugError { validProviders }
    ... on RevisionConflictError { expectedRevision currentRevision }
  }
}`;

const Count = z.int().min(0);
const Uses = z.union([z.string(), z.number()]).transform(Number);
const Model = z.object({ provider: z.string(), modelId: z.string() });

/** What a document would change. */
const Preview = z.object({
  revision: Count,
  changes: z.array(z.object({ field: z.string(), added: z.array(z.string()), removed: z.array(z.string()) })),
  selectorWarnings: z.array(z.object({ message: z.string() })),
  impact: z.object({
    newlyBlockedCount: Count,
    newlyBlocked: z.array(z.object({ model: Model, recentUses: Uses, recentUsers: Count })),
    newlyAllowedCount: Count,
    newlyAllowed: z.array(z.object({ model: Model })),
    modelConfigCount: Count,
    modelConfigs: z.array(Model.extend({ id: z.string(), displayName: z.string() })),
    hiddenModelConfigCount: Count,
    defaults: z.array(z.object({ members: Count, from: Model.nullable(), to: Model.nullable() })),
    membersLeftWithoutModel: Count,
    recentUses: Uses,
    recentCost: z.string().nullable(),
  }),
});
export type Preview = z.infer<typeof Preview>;

/** Why there was no change: the error that has this code. */
const Refusal = z.object({
  code: z.string(),
  message: Printable,
  issues: z
    .array(z.object({ path: Printable, message: Printable, line: Count.nullable(), column: Count.nullable() }))
    .optional(),
  validProviders: z.array(Printable).optional(),
  expectedRevision: Count.optional(),
  currentRevision: Count.optional(),
});
export type Refusal = z.infer<typeof Refusal>;

/** The mutation that plans and applies, and what it answers. */
export const applyPolicy = {
  query,
  data: z.object({ applyPolicy: z.union([Preview, Refusal, z.object({ revision: Count })]) }),
};
