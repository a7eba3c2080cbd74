import { graphql } from '../generated/gql.ts';

export const ReadPolicyDocument = graphql(`
  query ReadPolicyDocument($organizationId: ID!, $format: PolicyDocumentFormat! = JSON, $atRevision: Int) {
    policyDocument(organizationId: $organizationId, format: $format, atRevision: $atRevision)
  }
`);

export const ApplyPolicy = graphql(`
  mutation ApplyPolicy($input: ApplyPolicyInput!) {
    applyPolicy(input: $input) {
      __typename
      ... on PolicyPreview {
        revision
        changes {
          field
          added
          removed
        }
        selectorWarnings {
          message
        }
        document
        impact {
          newlyBlockedCount
          newlyBlocked {
            model {
              id
            }
          }
        }
      }
      ... on OrganizationModelSettings {
        settingsRevision: revision
        disabledProviders
        disabledModels
        defaultModelKey
      }
      ... on ModelgateError {
        code
        message
      }
      ... on ModelgateValidationError {
        issues {
          path
          message
          line
          column
        }
      }
    }
  }
`);
