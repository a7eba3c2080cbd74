import { graphql } from '../generated/gql.ts';

graphql(`
  fragment ConfigFields on ModelConfig {
    id
    scope
    provider
    modelId
    settings
    isEnabled
    isDefault
    keyStatus
    createdAt
    updatedAt
    user {
      id
    }
    createdBy {
      id
    }
    organization {
      id
    }
    providerKey {
      id
    }
  }
`);

export const CreateConfig = graphql(`
  mutation CreateConfig($input: CreateModelConfigInput!) {
    createModelConfig(input: $input) {
      __typename
      ...ConfigFields
      ... on ModelgateError {
        code
        message
      }
      ... on ModelNotAllowedError {
        reasons
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

export const UpdateConfig = graphql(`
  mutation UpdateConfig($input: UpdateModelConfigInput!) {
    updateModelConfig(input: $input) {
      __typename
      ...ConfigFields
      ...RefusalFields
    }
  }
`);

export const EnableConfig = graphql(`
  mutation EnableConfig($input: SetModelConfigEnabledInput!) {
    setModelConfigEnabled(input: $input) {
      __typename
      ...ConfigFields
      ... on ModelgateError {
        code
        message
      }
    }
  }
`);

export const MakeDefault = graphql(`
  mutation MakeDefault($input: SetDefaultModelConfigInput!) {
    setDefaultModelConfig(input: $input) {
      __typename
      ...ConfigFields
      ... on ModelgateError {
        code
        message
      }
    }
  }
`);

export const DeleteConfig = graphql(`
  mutation DeleteConfig($input: DeleteModelConfigInput!) {
    deleteModelConfig(input: $input) {
      __typename
      ... on DeletedModelConfig {
        id
      }
      ... on ModelgateError {
        code
        message
      }
    }
  }
`);

export const ListConfigs = graphql(`
  query ListConfigs(
    $organizationId: ID!
    $filter: ModelConfigFilter
    $orderBy: ModelConfigOrder
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    modelConfigs(
      organizationId: $organizationId
      filter: $filter
      orderBy: $orderBy
      first: $first
      after: $after
      last: $last
      before: $before
    ) {
      edges {
        node {
          ...ConfigFields
          displayName
          access {
            allowed
            reasons
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
`);

export const EffectiveDefault = graphql(`
  query EffectiveDefault($organizationId: ID!) {
    organization(id: $organizationId) {
      effectiveDefaultModel {
        source
        model {
          id
        }
        config {
          id
        }
        skipped {
          source
          modelKey
          config {
            id
          }
          access {
            reasons
          }
        }
      }
    }
  }
`);
