/** The revision that an entity tag of ours names; null for any other tag. */
function revisionOf(tag: string): number | null {
  const digits = /^"(\d{1,9})"$/.exec(tag)?.[1];
  return digits === undefined ? null : Number(digits);
}

const tagsOf = (header: string) => header.split(',').map((tag) => tag.trim());

/** A state of an organization, as HTTP names it. */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/** The revisions that `If-Match` allows, which compares strongly; undefined: any. */
export function revisionsAllowedBy(ifMatch: string | undefined): number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  return tagsOf(ifMatch).flatMap((tag) => revisionOf(tag) ?? []);
}

/** Whether `If-None-Match`, which compares weakly, says that the client has this state already. */
export function isKnownBy(ifNoneMatch: string | undefined, revision: number): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etagOf(revision));
}
