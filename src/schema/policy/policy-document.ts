import { type DocumentFormat, writePolicyDocument } from '../../domain/policy/policy-document.ts';
import { findPolicy } from '../belonging.ts';
import { builder } from '../builder.ts';

const PolicyDocumentFormat = builder.enumType('PolicyDocumentFormat', {
  description: 'How the document of a policy is written.',
  values: {
    JSON: { description: 'JSON, indented by two spaces.' },
    YAML: { description: 'YAML 1.2.' },
  } satisfies Record<DocumentFormat, object>,
});

builder.queryField('policyDocument', (t) =>
  t.string({
    description:
      "An organization's policy as a document, which `applyPolicy` takes: keys in a fixed order, lists as they were written, what is as by default left out. For owners and admins.",
    args: {
      organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }),
      format: t.arg({
        type: PolicyDocumentFormat,
        required: true,
        defaultValue: 'JSON',
        description: 'How it is written.',
      }),
      atRevision: t.arg.int({ description: 'That at this revision of the organization. Absent: the present one.' }),
    },
    authScopes: (_root, { organizationId }) => ({ readPolicy: organizationId }),
    resolve: async (_root, { organizationId, format, atRevision }, context) => {
      const { policy } = await findPolicy(organizationId, atRevision, context);
      return writePolicyDocument(policy, format, organizationId);
    },
  }),
);
