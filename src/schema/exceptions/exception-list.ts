import { z } from 'zod';
import { may } from '../../auth/permissions.ts';
import { type ExceptionFilter, keyOfException } from '../../domain/exceptions/exception-list.ts';
import { parseSubjectId } from '../../domain/subjects/subject.ts';
import { builder } from '../builder.ts';
import { cursorTime, keysetConnection } from '../connection.ts';
import { ModelException, ModelExceptionState, ownSubjectIds } from './exception.ts';

const ModelExceptionFilter = builder.inputType('ModelExceptionFilter', {
  description: 'A filter of exceptions. All conditions must match; an absent one matches all.',
  fields: (t) => ({
    state: t.field({ type: ModelExceptionState, description: 'The state that they are in now.' }),
    subjectId: t.id({ description: 'Whom they are for: the id of a user, a team, a role or an API key.' }),
  }),
});

builder.prismaObjectField('Organization', 'modelExceptions', (t) =>
  t.connection(
    {
      type: ModelException,
      description:
        'Its exceptions from the policy, newest first: all to owners and admins; to others those that are for themselves, their role or a team that they are in.',
      args: { filter: t.arg({ type: ModelExceptionFilter, description: 'Only those that match this filter.' }) },
      resolve: ({ id }, { filter, ...args }, context) => {
        const { exceptions, limits, viewer } = context;
        const listed: ExceptionFilter = {
          state: filter?.state ?? null,
          subjectId: filter?.subjectId ? parseSubjectId(filter.subjectId) : null,
          ownIds: may(viewer, 'manageExceptions', id) ? null : ownSubjectIds(context, id),
        };
        return keysetConnection({
          args,
          maxSize: limits.pageSize,
          key: z.tuple([cursorTime, z.string()]),
          keyOf: keyOfException,
          load: (page) => exceptions.pages.load({ ownerId: id, page: { ...page, ...listed } }),
          totalCount: async () => {
            const [found] = await exceptions.counts.load({ ownerId: id, page: listed });
            return found?.count ?? 0;
          },
        });
      },
    },
    { name: 'ModelExceptionConnection', description: 'A page of exceptions.' },
    { name: 'ModelExceptionEdge', description: 'An exception on a page.' },
  ),
);
