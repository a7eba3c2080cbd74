import { graphql } from '../generated/gql.ts';

// What every mutation may answer instead of what it has done.
graphql(`
  fragment RefusalFields on ModelgateError {
    code
    message
    ... on ModelgateValidationError {
      issues {
        path
        message
      }
    }
  }
`);

export const ReadSettings = graphql(`
  query ReadSettings($organizationId: ID!) {
    organizationModelSettings(organizationId: $organizationId) {
      id
      disabledProviders
      disabledModels
      defaultModelKey
      defaultModel {
        id
      }
      revision
      updatedAt
      updatedBy {
        id
      }
    }
  }
`);

export const UpdateSettings = graphql(`
  mutation UpdateSettings($input: UpdateModelSettingsInput!) {
    updateModelSettings(input: $input) {
      __typename
      ... on OrganizationModelSettings {
        id
        disabledProviders
        disabledModels
        defaultModelKey
        revision
        updatedAt
        updatedBy {
          id
        }
      }
      ... on ModelgateError {
        code
        message
      }
      ... on ModelgateForbiddenError {
        organizationId
      }
      ... on InvalidProviderSlugError {
        invalidProviders
        validProviders
      }
      ... on UnknownModelError {
        modelKey
      }
      ... on DefaultModelDisabledError {
        modelKey
        reasons
      }
      ... on RevisionConflictError {
        expectedRevision
        currentRevision
      }
      ... on ModelgateValidationError {
        issues {
          path
          message
        }
      }
    }
  }
`);

export const AllowedModels = graphql(`
  query AllowedModels($organizationId: ID!, $filter: ModelFilter, $first: Int, $after: String) {
    models(organizationId: $organizationId, filter: $filter, first: $first, after: $after) {
      edges {
        node {
          id
          provider
          modelId
          access(organizationId: $organizationId) {
            allowed
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
`);

export const ReadHistory = graphql(`
  query ReadHistory($organizationId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    organization(id: $organizationId) {
      revision
      revisions(first: $first, after: $after, last: $last, before: $before) {
        edges {
          node {
            id
            number
            at
            action
            subjectId
            actor {
              id
            }
            changes {
              field
              added
              removed
            }
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
        totalCount
      }
    }
  }
`);

export const AskAccess = graphql(`
  query AskAccess($organizationId: ID!, $modelKey: String!) {
    modelAccess(organizationId: $organizationId, modelKey: $modelKey) {
      model {
        id
      }
      allowed
      reasons
      revision
    }
  }
`);

export const ReadSelectors = graphql(`
  query ReadSelectors($organizationId: ID!) {
    organizationModelSettings(organizationId: $organizationId) {
      ...SelectorFields
    }
  }
  fragment SelectorFields on OrganizationModelSettings {
    disabledProviders
    disabledModels
    defaultModelKey
    revision
    deadSelectors
    selectorWarnings {
      selector
      nearest
      message
    }
  }
`);

export const UpdateSelectors = graphql(`
  mutation UpdateSelectors($input: UpdateModelSettingsInput!) {
    updateModelSettings(input: $input) {
      __typename
      ...SelectorFields
      ...RefusalFields
    }
  }
`);
