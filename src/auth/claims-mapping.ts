import { Role } from '../database/generated/prisma/enums.ts';

/** A claim that names nothing of ours in a form that is understood. */
export class ClaimError extends Error {
  override readonly name = 'ClaimError';
}

/**
 * Where the tokens of an issuer say what we need. A path is the name of a claim, or names with dots between them; a claim whose
 * own name has dots (`https://example.com/roles`) is found too. Null: the tokens do not say it.
 */
export interface ClaimsMapping {
  userClaim: string;
  nameClaim: string | null;
  emailClaim: string | null;
  /** Whether the address was verified; without it an address is not believed. */
  emailVerifiedClaim: string | null;
  pictureClaim: string | null;
  organizationClaim: string | null;
  organizationNameClaim: string | null;
  /** Null: roles in the organization are kept here, as memberships. */
  roleClaim: string | null;
  /** The names of the user's teams in the organization. Null: teams are kept here. */
  teamsClaim: string | null;
  /** The issuer's names of roles; a role that is not among them is MEMBER. */
  roles: Readonly<Record<string, Role>>;
  /** Where tokens of Clerk's first version have the same; they say no `v`, and no `o`. */
  version1?: Partial<ClaimsMapping>;
}

/** The value at a path; undefined where there is none. The longest name wins, so that names may have dots. */
export function claimAt(payload: unknown, path: string | null): unknown {
  if (path === null || !isObject(payload)) return undefined;
  if (Object.hasOwn(payload, path)) return payload[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const name = path.slice(0, dot);
    if (Object.hasOwn(payload, name)) return claimAt(payload[name], path.slice(dot + 1));
  }
  return undefined;
}

/** Whether a path without a value leads to a text, a list or a number, in which the value may be in a form that is not understood. */
function isCutOff(payload: unknown, path: string): boolean {
  if (!isObject(payload)) return payload !== null;
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const name = path.slice(0, dot);
    if (Object.hasOwn(payload, name)) return isCutOff(payload[name], path.slice(dot + 1));
  }
  return false;
}

/** A text, or a list of texts; undefined where the claim is absent. @throws ClaimError for anything else */
function textsAt(payload: unknown, path: string | null): string[] | undefined {
  const value = claimAt(payload, path);
  if (value === undefined || value === null) return undefined;
  const texts = Array.isArray(value) ? value : [value];
  if (!texts.every((text) => typeof text === 'string'))
    throw new ClaimError(`${path} is neither a text nor a list of texts`);
  return texts;
}

/** Characters of a subject, an id or a name at most. OpenID Connect bounds a subject alike. */
const maxLength = 255;

/** A text that may be kept: not empty, not long, without control characters. */
export function isName(text: unknown): text is string {
  return typeof text === 'string' && text.length > 0 && text.length <= maxLength && !/[\p{Cc}\p{Cs}]/u.test(text);
}

/** The text at a path that can be a name; null where it cannot. What only tells, and decides nothing, is never refused. */
export function nameAt(payload: unknown, path: string | null): string | null {
  return toName(claimAt(payload, path));
}

function toName(value: unknown): string | null {
  const name = typeof value === 'string' ? value.trim() : value;
  return isName(name) ? name : null;
}

/** As `nameAt`, of an organization. Where the claim is an object whose members are organizations, it is the alias of the only one. */
export function organizationNameAt(payload: unknown, path: string | null): string | null {
  const value = claimAt(payload, path);
  const [name, ...others] = isObject(value) ? Object.keys(value) : [value].flat();
  return others.length === 0 ? toName(name) : null;
}

/**
 * What the issuer calls the organization of the token; undefined where it names none. Keycloak names it by an object whose only
 * member is the alias, with the id in it.
 * @throws ClaimError for several, and for what is no name
 */
export function organizationAt(payload: unknown, path: string | null): string | undefined {
  const value = claimAt(payload, path);
  if (value === undefined && path !== null && isCutOff(payload, path))
    throw new ClaimError(`${path} leads through no object`);
  if (value === undefined || value === null) return undefined;
  const [named, ...others] = isObject(value) ? Object.entries(value).map(idOfEntry) : [value].flat();
  if (others.length > 0) throw new ClaimError('it names several; ask the issuer for a token of one');
  if (!isName(named)) throw new ClaimError(`${path} is not the name of an organization`);
  return named;
}

function idOfEntry([alias, entry]: [string, unknown]): unknown {
  return isObject(entry) && Object.hasOwn(entry, 'id') ? entry.id : alias;
}

const ranks = [Role.OWNER, Role.ADMIN] as const;

/** The highest role that the token names; MEMBER where it names none that is known; null where tokens name no roles. */
export function roleAt(payload: unknown, { roleClaim, roles }: ClaimsMapping): Role | null {
  if (roleClaim === null) return null;
  const named = textsAt(payload, roleClaim) ?? [];
  const known = named.flatMap((name) => (Object.hasOwn(roles, name) ? [roles[name]] : []));
  return ranks.find((role) => known.includes(role)) ?? Role.MEMBER;
}

/** Teams of a user that are taken from a token at most. */
const maxTeams = 500;

/**
 * The names of the user's teams, sorted, each once; null where the token does not say. A token without the claim names none:
 * Keycloak and Entra omit it for a user without groups, who would otherwise stay in the last one for ever.
 */
export function teamsAt(payload: unknown, path: string | null): string[] | null {
  if (path === null || isElsewhere(payload, path)) return null;
  const named = textsAt(payload, path) ?? [];
  return [...new Set(named.filter(isName))].sort().slice(0, maxTeams);
}

/** Whether the claim is to be fetched somewhere else: a distributed claim of OpenID Connect, as Entra has for too many groups. */
function isElsewhere(payload: unknown, path: string): boolean {
  const names = claimAt(payload, '_claim_names');
  return (
    (isObject(names) && Object.hasOwn(names, path)) || (path === 'groups' && claimAt(payload, 'hasgroups') === true)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
