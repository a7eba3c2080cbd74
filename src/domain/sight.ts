/**
 * Where an object is looked for that a viewer asks for by its id: nowhere else, so that one of others is not found, and takes
 * no longer than one that does not exist.
 */
export interface Sight {
  /** The user, for what is its own. */
  userId: string | null;
  /** The organizations whose objects it may see. */
  organizationIds: readonly string[];
}
