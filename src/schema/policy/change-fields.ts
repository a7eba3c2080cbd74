import type { builder } from '../builder.ts';

type InputFields = Parameters<Parameters<typeof builder.mutationField>[1]>[0]['input'];

/** What the input of each change of the policy has besides the change. */
export const changeFields = (input: InputFields) => ({
  organizationId: input.id({ required: true, description: 'The id of the organization.' }),
  expectedRevision: input.int({
    description: 'Refuses the change if the organization is at another revision than this.',
  }),
  reason: input.string({ description: 'Why, for the history: up to 500 characters.' }),
  dryRun: input.boolean({
    required: true,
    defaultValue: false,
    description: 'Makes all checks, writes nothing, and answers a `PolicyPreview`.',
  }),
});
