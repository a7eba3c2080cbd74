import { z } from 'zod';
import { Role } from '../database/generated/prisma/enums.ts';
import type { ClaimsPolicy } from './claims.ts';
import type { ClaimsMapping } from './claims-mapping.ts';
import { faultsOfMapping } from './mapping-faults.ts';
import { defaultMapping, issuersOfAnybody, presets } from './presets.ts';

/** An issuer as an operator names it. */
export interface IssuerSettings extends ClaimsPolicy {
  /** Where its public keys are; absent: OpenID Connect discovery tells. */
  jwksUrl?: string | undefined;
  /** What `aud` must hold, or one of these. */
  audience?: string | string[] | undefined;
}

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];

const path = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\s.]+(\.[^\s.]+)*$/, 'must be the name of a claim, or names with dots between them');
const optionalPath = path.nullable();

/** The claims that replace those of the preset. */
const ClaimPaths = z
  .strictObject({
    userClaim: path,
    nameClaim: optionalPath,
    emailClaim: optionalPath,
    emailVerifiedClaim: optionalPath,
    pictureClaim: optionalPath,
    organizationClaim: optionalPath,
    organizationNameClaim: optionalPath,
    roleClaim: optionalPath,
    teamsClaim: optionalPath,
    roles: z.record(z.string().min(1).max(200), z.enum(Role)),
  })
  .partial();

const url = z.url({ protocol: /^https?$/, error: 'must be a URL such as https://issuer.example.com' });

const issuerShape = {
  issuer: z.string().min(1).max(1_000),
  jwksUrl: url.optional(),
  audience: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  authorizedParties: z.array(z.string().min(1)).min(1).optional(),
  preset: z.enum(presetNames, `must be one of ${presetNames.join(', ')}`).optional(),
  keepsIds: z.boolean().optional(),
  ...ClaimPaths.shape,
};

const Issuer = z
  .strictObject(issuerShape, {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys'
        ? `has no setting ${keys.join(', ')}; there are ${Object.keys(issuerShape).join(', ')}`
        : undefined,
  })
  .superRefine((given, { addIssue }) => {
    const { issuer, jwksUrl, audience, authorizedParties: _, keepsIds: __, preset, ...paths } = given;
    const refuse = (setting: string, message: string) => addIssue({ code: 'custom', path: [setting], message });
    if (jwksUrl === undefined && !url.safeParse(issuer).success) {
      refuse('jwksUrl', 'is required where the issuer is no URL');
    }
    if (audience === undefined && needsAudience(preset)) refuse('audience', audienceFault);
    for (const [setting, message] of faultsOfMapping(paths, mappingOf(preset, paths))) refuse(setting, message);
  });

/** Whether tokens of the issuer of this preset are only told by their audience to be for this service. */
export function needsAudience(preset: string | undefined): boolean {
  return preset !== undefined && issuersOfAnybody.includes(preset);
}

export const audienceFault = 'is required with this preset: its issuer makes tokens for the applications of others too';

const keeperFault =
  'of several issuers, say which one keeps ids such as usr_… and org_… of its tokens: "keepsIds": true; or false, for none';

/** Issuers, of which one may keep ids. Where there is one alone, it does. */
export const Issuers = z
  .array(Issuer, 'must be a list of issuers')
  .min(1, 'must name an issuer')
  .max(100)
  .superRefine((issuers, { addIssue }) => {
    const names = issuers.map(({ issuer }) => issuer);
    if (new Set(names).size < names.length) addIssue({ code: 'custom', message: 'must not name an issuer twice' });
    if (issuers.filter(({ keepsIds }) => keepsIds).length > 1) {
      addIssue({ code: 'custom', message: 'one issuer alone may keep ids (keepsIds)' });
    }
    // By their order a new issuer, put first, could claim the ids of users who have not signed in for a while.
    if (issuers.length > 1 && issuers.every(({ keepsIds }) => keepsIds === undefined)) {
      addIssue({ code: 'custom', message: keeperFault });
    }
  })
  .transform((issuers): IssuerSettings[] => {
    const isOnly = issuers.length === 1;
    return issuers.map((issuer) => toSettings(issuer, issuer.keepsIds ?? isOnly));
  });

export function toSettings(given: z.input<typeof Issuer>, keepsIds: boolean): IssuerSettings {
  const { issuer, jwksUrl, audience, authorizedParties, preset, keepsIds: _, ...paths } = given;
  return { issuer, jwksUrl, audience, authorizedParties, keepsIds, mapping: mappingOf(preset, paths) };
}

/** Paths that are given replace those of the preset; with an organization of its own, no version of Clerk's tokens counts. */
function mappingOf(preset: PresetName | undefined, given: z.infer<typeof ClaimPaths>): ClaimsMapping {
  const { version1, ...base } = preset === undefined ? defaultMapping : presets[preset];
  const replaced = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const isOwn = given.organizationClaim !== undefined || given.roleClaim !== undefined;
  return { ...base, ...replaced, ...(version1 && !isOwn ? { version1 } : {}) };
}
