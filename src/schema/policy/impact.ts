import { may } from '../../auth/permissions.ts';
import { viewerIdOf } from '../../auth/viewer.ts';
import type { Context } from '../../context.ts';
import { dollarsOf } from '../../domain/policy/policy-facts.ts';
import { ValidationError } from '../../errors/base.ts';
import {
  type AliasImpact as AliasShape,
  type DefaultImpact as DefaultShape,
  impactOf,
  type ModelImpact as ModelShape,
  type PolicyImpact as Shape,
} from '../../policy/impact.ts';
import type { Policy } from '../../policy/policy-value.ts';
import { anySubject } from '../../policy/subject.ts';
import { builder } from '../builder.ts';
import { ModelConfig } from '../configs/model-config.ts';
import { Model } from '../models/model.ts';
import { ModelAccessReason } from '../models/model-access.ts';
import { selects } from '../selection.ts';

const ModelImpact = builder.objectRef<ModelShape>('ModelImpact').implement({
  description: 'A model that may be used before a change and not after it, or the other way round.',
  fields: (t) => ({
    model: t.expose('model', { type: Model, description: 'The model.' }),
    before: t.field({
      type: [ModelAccessReason],
      description:
        'Every reason against it before the change, most important first: by the rules of the organization, or, where only members with further rules are concerned, for most of these.',
      resolve: ({ before }) => [...before],
    }),
    after: t.field({
      type: [ModelAccessReason],
      description: 'Every reason against it after the change, likewise.',
      resolve: ({ after }) => [...after],
    }),
    members: t.exposeInt('members', {
      description: 'How many members this is so for; 0 where only API keys without rules of their own are concerned.',
    }),
    recentUses: t.expose('recentUses', {
      type: 'BigInt',
      description: 'How often it was used in the last 30 days, as applications reported it.',
    }),
    recentUsers: t.exposeInt('recentUsers', {
      description: 'How many distinct users used it in the last 30 days, where the reports name them.',
    }),
  }),
});

const DefaultImpact = builder.objectRef<DefaultShape>('DefaultImpact').implement({
  description: 'A change of the effective default of some members.',
  fields: (t) => ({
    from: t.expose('from', { type: Model, nullable: true, description: 'The default before; null for none.' }),
    to: t.expose('to', { type: Model, nullable: true, description: 'The default after; null for none.' }),
    members: t.exposeInt('members', { description: 'How many members this is so for.' }),
  }),
});

const AliasImpact = builder.objectRef<AliasShape>('AliasImpact').implement({
  description: 'An alias that stands for another model, for whoever has no rules of its own.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The alias.' }),
    from: t.expose('from', { type: Model, nullable: true, description: 'The model before; null for none.' }),
    to: t.expose('to', { type: Model, nullable: true, description: 'The model after; null for none.' }),
  }),
});

/** With the organization, whose configurations it shows. */
type ImpactShape = Shape & { organizationId: string };

const defaultSize = 50;
const sizeOf = (what: string) =>
  `The maximum number of ${what}: by default ${defaultSize}, or as many as a page may have, if that is less.`;

export const PolicyImpact = builder.objectRef<ImpactShape>('PolicyImpact').implement({
  description:
    'What a change of the policy means, decided by the same function as every access: with the present catalog, configurations, members and usage.',
  fields: (t) => ({
    newlyBlocked: t.field({
      type: [ModelImpact],
      description: 'The models that somebody may use before and not after, those used most first.',
      args: { first: t.arg.int({ description: sizeOf('models') }) },
      resolve: ({ newlyBlocked }, { first }, { limits }) => firstOf(newlyBlocked, first, limits.pageSize),
    }),
    newlyBlockedCount: t.int({
      description: 'How many models these are.',
      resolve: ({ newlyBlocked }) => newlyBlocked.length,
    }),
    newlyAllowed: t.field({
      type: [ModelImpact],
      description: 'The models that somebody may use after and not before, those used most first.',
      args: { first: t.arg.int({ description: sizeOf('models') }) },
      resolve: ({ newlyAllowed }, { first }, { limits }) => firstOf(newlyAllowed, first, limits.pageSize),
    }),
    newlyAllowedCount: t.int({
      description: 'How many models these are.',
      resolve: ({ newlyAllowed }) => newlyAllowed.length,
    }),
    modelConfigs: t.field({
      type: [ModelConfig],
      description:
        'The configurations that can be used before and are refused after: shared ones, and the own ones of the caller.',
      args: { first: t.arg.int({ description: sizeOf('configurations') }) },
      resolve: async ({ organizationId, modelConfigIds }, { first }, { configs, limits, viewer }, info) => {
        const ids = firstOf(
          may(viewer, 'readOrganization', organizationId) ? modelConfigIds : [],
          first,
          limits.pageSize,
        );
        const hasSettings = selects(info, 'settings');
        const found = await configs.byIds.load(ids.map((id) => ({ id, hasSettings })));
        return found.filter((config) => config !== null);
      },
    }),
    modelConfigCount: t.int({
      description: 'How many configurations these are.',
      resolve: ({ organizationId, modelConfigIds }, _args, { viewer }) =>
        may(viewer, 'readOrganization', organizationId) ? modelConfigIds.length : 0,
    }),
    hiddenModelConfigCount: t.int({
      description: 'How many further ones of other users there are, which the caller does not see.',
      resolve: ({ organizationId, modelConfigIds, hiddenModelConfigCount }, _args, { viewer }) =>
        hiddenModelConfigCount + (may(viewer, 'readOrganization', organizationId) ? 0 : modelConfigIds.length),
    }),
    defaults: t.field({
      type: [DefaultImpact],
      description: 'The changes of effective defaults, those of most members first.',
      resolve: ({ defaults }) => [...defaults],
    }),
    aliases: t.field({
      type: [AliasImpact],
      description: 'The aliases that stand for another model, sorted by name.',
      resolve: ({ aliases }) => [...aliases],
    }),
    membersLeftWithoutModel: t.exposeInt('membersLeftWithoutModel', {
      description: 'How many members may use some model before, and none after.',
    }),
    exceptionsThatLift: t.exposeInt('exceptionsThatLift', {
      description: 'How many exceptions in force keep, for their subjects, something that the change blocks.',
    }),
    recentUses: t.expose('recentUses', {
      type: 'BigInt',
      description: 'How often the newly blocked models were used in the last 30 days.',
    }),
    recentCost: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What these uses cost, in US dollars, as far as prices are known; null where none is.',
      resolve: ({ recentCost }) => (recentCost === null ? null : dollarsOf(recentCost)),
    }),
  }),
});

/** Compares two policies of an organization, for the caller to be told. */
export async function findImpact(
  organizationId: string,
  { before, after }: { before: Policy; after: Policy },
  { policies, states, subjects, viewer, now }: Context,
): Promise<ImpactShape> {
  const { exceptions } = await states.load(organizationId);
  const named = [
    ...Object.keys(before.scopes),
    ...Object.keys(after.scopes),
    ...exceptions.map((one) => one.subjectId),
  ];
  const [facts, { teams }] = await Promise.all([
    policies.facts.load({ organizationId, subjectIds: [...new Set(named)].sort() }),
    subjects.load({ organizationId, subjectId: viewer.userId ?? '' }),
  ]);
  const role = viewer.memberships.get(organizationId) ?? null;
  const asking = { ...anySubject, id: viewerIdOf(viewer), role, teams };
  return { organizationId, ...impactOf(before, after, { ...facts, exceptions, viewer: asking }, now) };
}

/** @throws ValidationError for a size out of range */
function firstOf<Item>(items: readonly Item[], first: number | null | undefined, maxSize: number): Item[] {
  const size = first ?? Math.min(defaultSize, maxSize);
  if (size < 0 || size > maxSize)
    throw new ValidationError([{ path: 'first', message: `must be from 0 to ${maxSize}` }]);
  return items.slice(0, size);
}
