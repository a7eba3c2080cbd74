import { z } from 'zod';
import { authorize } from '../../auth/permissions.ts';
import { otherNames } from '../../domain/refusals/refusal.ts';
import type { ModelRefusal as ModelRefusalShape, RefusalKey } from '../../domain/refusals/refusal-list.ts';
import { daysKept, parseRefusalPeriod } from '../../domain/refusals/refusal-period.ts';
import { builder } from '../builder.ts';
import { cursorTime, keysetConnection } from '../connection.ts';
import { Model } from '../models/model.ts';
import { ModelAccessReason } from '../models/model-access.ts';
import { User } from '../organizations/user.ts';

const ModelRefusal = builder.objectRef<ModelRefusalShape>('ModelRefusal').implement({
  description:
    'How often a model was refused to a user or a service: it asked by `modelAccess` whether it may use the model, or tried to configure it. ' +
    'Visible to owners and admins.',
  visible: ({ organizationId }, { viewer }) => authorize(viewer, 'readRevisions', organizationId),
  fields: (t) => ({
    subjectId: t.exposeID('subjectId', { description: 'Who was refused: the id of a user, or of an API key.' }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The user; null for a service, or a user who is no member.',
      resolve: ({ subjectId }, _args, { knownUsers }) =>
        subjectId.startsWith('api_') ? null : knownUsers.load(subjectId),
    }),
    modelKey: t.string({
      nullable: true,
      description:
        'The model: `provider/modelId`, or what it was called where the catalog has no such model. Null for further unknown names: only so many are counted each by itself.',
      resolve: ({ modelKey }) => (modelKey === otherNames ? null : modelKey),
    }),
    model: t.field({
      type: Model,
      nullable: true,
      description: 'The model; null where the catalog has none by that name.',
      resolve: ({ modelKey, reason }, _args, { catalog }) =>
        reason === 'UNKNOWN_MODEL' ? null : (catalog.find(modelKey) ?? null),
    }),
    reason: t.expose('reason', {
      type: ModelAccessReason,
      description: 'The most important reason against it at that time. Each refusal counts once.',
    }),
    count: t.expose('count', { type: 'BigInt', description: 'How often it was refused in the period.' }),
    lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When it was last refused in the period.' }),
  }),
});

builder.prismaObjectField('Organization', 'refusals', (t) =>
  t.connection(
    {
      type: ModelRefusal,
      // A viewer who may not read them gets null here, and can still read the rest of the organization.
      nullable: true,
      description: `What people and services were refused in a period, most frequent first. The period is of whole hours (UTC): both ends are rounded down to the hour. Counted within seconds, and kept for ${daysKept} days. For owners and admins.`,
      args: {
        from: t.arg({ type: 'DateTime', required: true, description: 'The beginning, inclusive.' }),
        to: t.arg({ type: 'DateTime', required: true, description: 'The end, exclusive.' }),
      },
      authScopes: ({ id }) => ({ readRevisions: id }),
      resolve: ({ id }, { from, to, ...args }, { refusals, limits, now }) => {
        const period = parseRefusalPeriod({ from, to }, now);
        return keysetConnection({
          args,
          maxSize: limits.pageSize,
          key: z.tuple([z.string().regex(/^\d{1,18}$/), cursorTime, z.hash('sha256')]),
          keyOf: ({ count, lastAt, hash }: ModelRefusalShape): RefusalKey => [
            String(count),
            lastAt.toISOString(),
            hash,
          ],
          load: (page) => refusals.pages.load({ ownerId: id, page: { ...page, ...period } }),
          totalCount: async () => {
            const [found] = await refusals.counts.load({ ownerId: id, page: period });
            return found?.count ?? 0;
          },
        });
      },
    },
    { name: 'ModelRefusalConnection', description: 'A page of refusals.' },
    { name: 'ModelRefusalEdge', description: 'A refusal on a page.' },
  ),
);
