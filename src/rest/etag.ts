/** The revision that an entity tag of ours names, also where a proxy that compresses has made it weak; null for any other tag. */
function revisionOf(tag: string): number | null {
  const digits = /^(?:W\/)?"(\d{1,9})"$/.exec(tag)?.[1];
  return digits === undefined ? null : Number(digits);
}

const tagsOf = (header: string) => header.split(',').map((tag) => tag.trim());

/** A state of an organization, as HTTP names it. */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/** The revisions that `If-Match` allows; undefined: any. */
export function revisionsAllowedBy(ifMatch: string | undefined): number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  return tagsOf(ifMatch).flatMap((tag) => revisionOf(tag) ?? []);
}

/** Whether `If-None-Match` names this state, as one that a client has already, or that a change must not find. */
export function isKnownBy(ifNoneMatch: string | undefined, revision: number): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).some((tag) => revisionOf(tag) === revision);
}
