import type { Context } from '../context.ts';
import { tagsOf } from '../domain/input/entity-tag.ts';

/** The revision that an entity tag of ours names, also where a proxy that compresses has made it weak; null for any other tag. */
function revisionOf(tag: string): number | null {
  const digits = /^(?:W\/)?"(\d{1,9})"$/.exec(tag)?.[1];
  return digits === undefined ? null : Number(digits);
}

/**
 * An answer about an organization, as HTTP names it: by the revision. One that decisions were made for is also named by the version
 * of the catalog and the moment until which they are valid, so that the name changes when they may. Nothing else of the catalog or the
 * day is in the name: an answer that tells such things has no entity tag.
 */
export function etagOf(revision: number, decisions: Context['dependencies']['decisions']): string {
  if (decisions === null) return `"${revision}"`;
  return `"${revision}.${decisions.catalogVersion}.${decisions.validUntil?.getTime() ?? ''}"`;
}

/** The revisions that `If-Match` allows; undefined: any. */
export function revisionsAllowedBy(ifMatch: string | undefined): number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  return tagsOf(ifMatch).flatMap((tag) => revisionOf(tag) ?? []);
}
