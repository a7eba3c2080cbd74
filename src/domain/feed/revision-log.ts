import type { Database } from '../../database/pool/client.ts';
import { isUnavailable } from '../../database/pool/faults.ts';
import type { Revision } from '../ledger/revision.ts';
import type { User } from '../organizations/user.ts';

/** An entry of the ledger as subscriptions send it: without the states before and after. */
export interface LedgerEntry
  extends Pick<Revision, 'id' | 'organizationId' | 'number' | 'at' | 'action' | 'subjectId'> {
  actor: User | null;
}

const pageSize = 100;

/** The ledger of one organization for its followers: the newest page is cached, and concurrent reads are shared. */
export interface RevisionLog {
  /** A counter that increments whenever there may be new entries. */
  readonly version: number;
  /** Sets the organization's newest revision. */
  advance: (newest: number) => void;
  /** Drops the cached entries if this user is the actor of one: its name may have changed. */
  forget: (userId: string) => void;
  /** Resolves once `version` differs from this one, or `signal` is aborted. */
  nextVersion: (version: number, signal: AbortSignal) => Promise<void>;
  /** The next revisions after this one, without gaps; empty where there are none, or while the database is unavailable. */
  entriesAfter: (number: number) => Promise<readonly LedgerEntry[]>;
}

/** It has no entries before the first `advance`. */
export function createRevisionLog(db: Database, organizationId: string): RevisionLog {
  const waiting = new Set<() => void>();
  const reads = new Map<number, Promise<readonly LedgerEntry[]>>();
  let recent: readonly LedgerEntry[] = [];
  let newest = 0;
  let version = 0;
  let hasFailed = false;

  const read = async (number: number) => {
    const page = await findEntries(db, organizationId, number);
    const end = recent.at(-1)?.number ?? 0;
    if ((page.at(-1)?.number ?? 0) > end) recent = (number === end ? [...recent, ...page] : page).slice(-pageSize);
    return page;
  };

  return {
    get version() {
      return version;
    },
    advance: (to) => {
      if (to <= newest && !hasFailed) return;
      newest = Math.max(newest, to);
      hasFailed = false;
      version++;
      for (const wake of waiting) wake();
    },
    forget: (userId) => {
      if (recent.some(({ actor }) => actor?.id === userId)) recent = [];
    },
    nextVersion: (since, signal) =>
      new Promise((resolve) => {
        if (version !== since || signal.aborted) return resolve();
        const wake = () => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake);
      }),
    entriesAfter: async (number) => {
      if (number >= newest) return [];
      const [first] = recent;
      const known = first && number >= first.number - 1 ? recent.slice(number - first.number + 1) : [];
      if (known.length > 0) return known;

      const reading = reads.get(number) ?? read(number).finally(() => reads.delete(number));
      reads.set(number, reading);
      return reading.catch((error: unknown) => {
        if (!isUnavailable(error)) throw error;
        hasFailed = true;
        return [];
      });
    },
  };
}

async function findEntries(db: Database, organizationId: string, after: number): Promise<LedgerEntry[]> {
  const found = await db.query<Omit<LedgerEntry, 'actor'> & Omit<User, 'id'> & { userId: string | null }>`
    SELECT r."id", r."organizationId", r."number", r."at", r."action", r."subjectId",
           u."id" AS "userId", u."name", u."nameSetByUser", u."email", u."picture", u."createdAt"
    FROM public."Revision" r LEFT JOIN public."User" u ON u."id" = r."actorId"
    WHERE r."organizationId" = ${organizationId} AND r."number" > ${after} ORDER BY r."number" LIMIT ${pageSize}`;
  return found.map(({ userId, name, nameSetByUser, email, picture, createdAt, ...entry }) => ({
    ...entry,
    actor: userId === null ? null : { id: userId, name, nameSetByUser, email, picture, createdAt },
  }));
}
