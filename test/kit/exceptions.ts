import type { PrismaDatabase } from '../../src/database/pool/client.ts';
import { graphql } from '../generated/gql.ts';
import type {
  DecideModelExceptionInput,
  GrantModelExceptionInput,
  RequestModelExceptionInput,
} from '../generated/graphql.ts';
import { ReadHistory } from './operations.ts';
import type { Service } from './service.ts';

graphql(`
  fragment ExceptionDetails on ModelException {
    id
    organization {
      id
    }
    subjectId
    models
    deadSelectors
    state
    until
    reason
    requestedBy {
      id
    }
    decidedBy {
      id
    }
    createdAt
    decidedAt
  }
`);

export const RequestException = graphql(`
  mutation RequestException($input: RequestModelExceptionInput!) {
    requestModelException(input: $input) {
      __typename
      ...ExceptionDetails
      ...RefusalFields
    }
  }
`);

export const GrantException = graphql(`
  mutation GrantException($input: GrantModelExceptionInput!) {
    grantModelException(input: $input) {
      __typename
      ...ExceptionDetails
      ...RefusalFields
    }
  }
`);

export const DecideException = graphql(`
  mutation DecideException($input: DecideModelExceptionInput!) {
    decideModelException(input: $input) {
      __typename
      ...ExceptionDetails
      ...RefusalFields
      ... on ExceptionStateError {
        present: state
      }
    }
  }
`);

export const RevokeException = graphql(`
  mutation RevokeException($input: RevokeModelExceptionInput!) {
    revokeModelException(input: $input) {
      __typename
      ...ExceptionDetails
      ...RefusalFields
      ... on ExceptionStateError {
        present: state
      }
    }
  }
`);

export const ListExceptions = graphql(`
  query ListExceptions(
    $organizationId: ID!
    $filter: ModelExceptionFilter
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    organization(id: $organizationId) {
      modelExceptions(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
        edges {
          node {
            ...ExceptionDetails
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

type Person = { id: string } | undefined;
type Place = { organization: { id: string } };
type Given<Input> = Partial<Omit<Input, 'organizationId'>>;

const hourMs = 60 * 60 * 1000;

/** What an exception says where a test says nothing else, of a service with this clock. */
export function anException(clock: () => Date) {
  return { models: ['gpt-4o'], until: new Date(clock().getTime() + hourMs).toISOString(), reason: 'The offer to Acme' };
}

/** What people do with exceptions, and what it comes to; `clock` is that of the service. */
export function exceptionsOf({ ask }: Pick<Service, 'ask'>, clock: () => Date) {
  return {
    request: async ({ organization }: Place, as: Person, given: Given<RequestModelExceptionInput> = {}) => {
      const input = { organizationId: organization.id, ...anException(clock), ...given };
      const { data } = await ask(RequestException, { input }, { as });
      return data?.requestModelException;
    },
    grant: async (
      { organization }: Place,
      as: Person,
      given: Given<GrantModelExceptionInput> & { subjectId: string },
    ) => {
      const input = { organizationId: organization.id, ...anException(clock), ...given };
      const { data } = await ask(GrantException, { input }, { as });
      return data?.grantModelException;
    },
    decide: async (
      { organization }: Place,
      as: Person,
      { id: exceptionId }: { id: string },
      given: Given<DecideModelExceptionInput> = {},
    ) => {
      const input = { organizationId: organization.id, exceptionId, grant: true, ...given };
      const { data } = await ask(DecideException, { input }, { as });
      return data?.decideModelException;
    },
    revoke: async (
      { organization }: Place,
      as: Person,
      { id: exceptionId }: { id: string },
      expectedRevision?: number,
    ) => {
      const input = {
        organizationId: organization.id,
        exceptionId,
        ...(expectedRevision !== undefined && { expectedRevision }),
      };
      const { data } = await ask(RevokeException, { input }, { as });
      return data?.revokeModelException;
    },
    /** The entries of the ledger, newest first. */
    historyOf: async ({ organization, owner }: Place & { owner: { id: string } }) => {
      const { data } = await ask(ReadHistory, { organizationId: organization.id }, { as: owner });
      const entries = data?.organization?.revisions?.edges.map(({ node }) => node) ?? [];
      return entries.map(({ number, action, subjectId, actor, changes }) => ({
        ...{ number, action, subjectId, actor: actor?.id },
        changes: Object.fromEntries(changes.map(({ field, added }) => [field, added])),
      }));
    },
    listedTo: async ({ organization }: Place, as: Person, filter: object = {}) => {
      const { data } = await ask(ListExceptions, { organizationId: organization.id, filter }, { as });
      return data?.organization?.modelExceptions?.edges.map(({ node }) => node);
    },
  };
}

/** What there is of exceptions, and the organization with its revision. */
export async function writtenOf({ db }: { db: PrismaDatabase }, { organization }: Place) {
  return [
    await db.modelException.findMany({ where: { organizationId: organization.id }, orderBy: { id: 'asc' } }),
    await db.organization.findUnique({ where: { id: organization.id } }),
  ];
}

/** The exception of a result. @throws where it is an error */
export function made<Result extends { __typename: string }>(result: Result | undefined) {
  if (result?.__typename !== 'ModelException') throw new Error(JSON.stringify(result));
  return result as Extract<Result, { __typename: 'ModelException' }>;
}
