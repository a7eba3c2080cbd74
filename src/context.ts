import DataLoader from 'dataloader';
import { organizationIdsOf, type Viewer } from './auth/viewer.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { Database } from './database/client.ts';
import { countMembers, findMembers, type Member } from './domain/membership.ts';
import { createPageLoader, type PageLoader } from './domain/page.ts';
import type { Snapshot } from './domain/policy.ts';
import { findRevisions, type Revision } from './domain/revision.ts';
import { loadSnapshots } from './domain/snapshot.ts';
import { findKnownUsers } from './domain/user.ts';
import type { UserError } from './errors.ts';

/** What every resolver is handed. */
export interface Context {
  db: Database;
  catalog: Catalog;
  viewer: Viewer;
  /** The moment of the request: one for all its decisions, so that they agree. */
  now: Date;
  /** Is told of every refusal that is a mutation's result, for the log. */
  onRefusal: (error: UserError) => void;
  /** The policy snapshots of organizations: one query for all that a request asks about. */
  snapshots: DataLoader<string, Snapshot>;
  /** Whether the viewer shares an organization with a user: one query for all that a request asks about. */
  knownUsers: DataLoader<string, boolean>;
  members: PageLoader<string, Member>;
  memberCounts: DataLoader<string, number>;
  revisions: PageLoader<number, Revision>;
}

/** A context for one request; its loaders remember what they read, so it must not be kept. */
export function createContext(given: Pick<Context, 'db' | 'catalog' | 'viewer' | 'now' | 'onRefusal'>): Context {
  const { db, viewer } = given;
  const organizationIds = organizationIdsOf(viewer);
  return {
    ...given,
    snapshots: new DataLoader((ids) => loadSnapshots(db, ids)),
    knownUsers: new DataLoader((ids) => findKnownUsers(db, organizationIds, ids)),
    members: createPageLoader((ids, page) => findMembers(db, ids, page)),
    memberCounts: new DataLoader((ids) => countMembers(db, ids)),
    revisions: createPageLoader((ids, page) => findRevisions(db, ids, page)),
  };
}
