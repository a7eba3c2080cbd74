/** The entity tags of an `If-Match` or `If-None-Match`. */
export function tagsOf(header: string): string[] {
  return header.split(',').map((tag) => tag.trim());
}

/** Whether `If-None-Match` has this entity tag, as one that a client has already, or that a change must not find. */
export function isKnownBy(ifNoneMatch: string | null | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined || ifNoneMatch === null) return false;
  // A proxy that compresses makes a tag weak.
  return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).some((tag) => tag.replace(/^W\//, '') === etag);
}
