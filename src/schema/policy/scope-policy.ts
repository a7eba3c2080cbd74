import { authorizeIn } from '../../auth/delegation.ts';
import { parseSubjectId } from '../../domain/subjects/subject.ts';
import { findDeadSelectors, warnOfSelectors } from '../../policy/model-selector.ts';
import { entryOf, type Lists, type Policy as PolicyValue, selectorsOf } from '../../policy/policy-value.ts';
import { kindOfSubject } from '../../policy/subject.ts';
import { builder } from '../builder.ts';
import { SelectorWarning } from '../settings/model-settings.ts';
import { Team } from '../teams/team.ts';
import { Policy } from './policy.ts';

interface ScopeShape {
  organizationId: string;
  subjectId: string;
  lists: Lists;
}

const SubjectKind = builder.enumType('SubjectKind', {
  description: 'For what a scope of a policy is.',
  values: {
    USER: { description: 'A user.' },
    TEAM: { description: 'All members of a team.' },
    ROLE: { description: 'All members of a role.' },
    API_KEY: { description: 'An API key.' },
  } satisfies Record<NonNullable<ReturnType<typeof kindOfSubject>>, { description: string }>,
});

const ScopePolicy = builder.objectRef<ScopeShape>('ScopePolicy').implement({
  description:
    'Further lists for one subject. What is disabled adds up over all that a subject belongs to; of allow lists the nearest counts: its own, else those of its teams together, else that of its role, each within that of the organization.',
  visible: ({ organizationId }, context) => authorizeIn(context, 'readPolicy', organizationId),
  fields: (t) => ({
    subjectId: t.exposeID('subjectId', {
      description:
        'For whom: `usr_…`, `team_…`, `role_owner`, `role_admin`, `role_member` or `api_…`. It may be gone since.',
    }),
    kind: t.field({
      type: SubjectKind,
      description: 'What that is.',
      // Only ids of subjects are stored.
      resolve: ({ subjectId }) => kindOfSubject(subjectId) ?? 'USER',
    }),
    disabledProviders: t.stringList({
      description: 'The providers, by slug, none of whose models it may use.',
      resolve: ({ lists }) => [...lists.disabledProviders],
    }),
    disabledModels: t.stringList({
      description: 'The models that it may not use, named as in the settings.',
      resolve: ({ lists }) => [...lists.disabledModels],
    }),
    allowedModels: t.stringList({
      nullable: true,
      description: 'The only models that it may use, named likewise; null: not in use. An empty list allows none.',
      resolve: ({ lists }) => lists.allowedModels && [...lists.allowedModels],
    }),
    deadSelectors: t.stringList({
      description:
        'The entries of `disabledModels` and `allowedModels` that match no model of the catalog, and so have no effect until there is one.',
      resolve: ({ lists }, _args, { catalog }) => findDeadSelectors(catalog, selectorsOf(lists)),
    }),
    selectorWarnings: t.field({
      type: [SelectorWarning],
      description: 'The entries of `deadSelectors`, each with similar keys of the catalog.',
      resolve: ({ lists }, _args, { catalog }) => [...warnOfSelectors(catalog, selectorsOf(lists))],
    }),
  }),
});

builder.objectField(Policy, 'scopes', (t) =>
  t.field({
    type: [ScopePolicy],
    description: 'Further lists for single subjects, ordered by the ids of these.',
    resolve: ({ organizationId, policy }) => scopesIn(organizationId, policy),
  }),
);

builder.prismaObjectField('Organization', 'scopePolicies', (t) =>
  t.field({
    type: [ScopePolicy],
    description: 'Its further lists for single subjects, ordered by the ids of these. For owners and admins.',
    args: { subjectId: t.arg.id({ description: 'Only that of this subject. None if it has no list.' }) },
    authScopes: ({ id }) => ({ readPolicy: id }),
    resolve: async ({ id }, { subjectId }, { states }) => {
      const policy = await states.load(id);
      return typeof subjectId === 'string' ? scopeOf(id, policy, parseSubjectId(subjectId)) : scopesIn(id, policy);
    },
  }),
);

builder.objectField(Team, 'scopePolicy', (t) =>
  t.field({
    type: ScopePolicy,
    nullable: true,
    description: 'The further lists for its members; null where it has none. For owners and admins.',
    authScopes: ({ organizationId }) => ({ readPolicy: organizationId }),
    resolve: async ({ organizationId, id }, _args, { states }) =>
      scopeOf(organizationId, await states.load(organizationId), id)[0] ?? null,
  }),
);

function scopesIn(organizationId: string, { scopes }: PolicyValue): ScopeShape[] {
  return Object.entries(scopes).map(([subjectId, lists]) => ({ organizationId, subjectId, lists }));
}

function scopeOf(organizationId: string, { scopes }: PolicyValue, subjectId: string): ScopeShape[] {
  const lists = entryOf(scopes, subjectId);
  return lists ? [{ organizationId, subjectId, lists }] : [];
}
