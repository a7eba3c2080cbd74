import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../../database/pool/client.ts';
import { withLock } from '../../database/pool/keyed-mutex.ts';
import { assignmentsOf, columnsOf, countRows, onlyRow } from '../../database/pool/sql.ts';
import { NotFoundError } from '../../errors/base.ts';
import { ScimError } from '../../errors/scim.ts';
import { refuseOneMore } from '../input/validation.ts';
import { commit, commitWithin } from '../ledger/ledger.ts';
import { leaveTeams } from '../teams/team-members.ts';
import { accessChange } from './directory-access.ts';
import { checkVersion, type DirectoryChange, taken } from './directory-change.ts';
import { identify, nameUser } from './directory-identity.ts';
import {
  columnsOfUser,
  type DirectoryUser,
  type DirectoryUserInput,
  findDirectoryUser,
  usersOf,
} from './directory-user.ts';

/**
 * Adds the user of a directory: its identity, so that whoever signs in with the subject is this user, and a membership where it is
 * active. One that the directory has deleted before is the same user again.
 *
 * @throws ScimError, ValidationError
 */
export function createDirectoryUser(
  db: Database,
  change: DirectoryChange,
  input: DirectoryUserInput,
): Promise<DirectoryUser> {
  const { token, actor, limits } = change;
  const { organizationId } = token;
  // The identity is inserted before the organization is locked, as by a sign-in: so that neither waits for the other in a circle.
  const create = async (tx: Database) => {
    const userId = await identify(tx, change, input);
    return commitWithin(tx, { organizationId, actor }, async () => {
      if (await findDirectoryUser(tx, organizationId, userId)) throw taken(subjectOf(change));
      await refuseTaken(tx, organizationId, userId, input);
      refuseOneMore(await countRows(tx, usersOf(organizationId)), limits.directoryUsers, 'users of the directory');
      const access = await accessChange(tx, { organizationId, userId, wasActive: null, isActive: input.active });
      return {
        ...access,
        subjectId: userId,
        apply: async ({ at }) => {
          await access.apply(at);
          await nameUser(tx, { organizationId, userId }, input);
          const row = { ...input, attributes: JSON.stringify(input.attributes), createdAt: at, updatedAt: at };
          return onlyRow(
            await tx.query<DirectoryUser>`
              INSERT INTO public."ScimUser" ("organizationId", "userId", ${columnsOf(row)})
              VALUES (${organizationId}, ${userId}, ${row.userName}, ${row.externalId}, ${row.active}, ${row.attributes}::jsonb, ${at}, ${at})
              ON CONFLICT ("organizationId", "userId") DO UPDATE SET "userName" = excluded."userName",
                "externalId" = excluded."externalId", "active" = excluded."active", "attributes" = excluded."attributes",
                "version" = "ScimUser"."version" + 1, "createdAt" = excluded."createdAt", "updatedAt" = excluded."updatedAt",
                "deletedAt" = NULL
              RETURNING ${columnsOfUser}`,
          );
        },
      };
    });
  };
  return withLock(db, organizationId, () => db.transaction(create));
}

/**
 * Changes the user of a directory into what `revise` makes of it. One who is deactivated loses the membership; what changes nothing
 * makes no revision. Values of attributes are personal, and not in the ledger.
 *
 * @throws NotFoundError, ScimError, ValidationError
 */
export function changeDirectoryUser(
  db: Database,
  change: DirectoryChange,
  userId: string,
  revise: (present: DirectoryUser) => DirectoryUserInput,
): Promise<DirectoryUser> {
  const { organizationId } = change.token;
  return commit(db, { organizationId, actor: change.actor }, async (tx) => {
    const present = await findDirectoryUser(tx, organizationId, userId);
    if (!present) throw new NotFoundError();
    checkVersion(change, present);
    const next = withSubject(change, present, revise(present));
    await refuseTaken(tx, organizationId, userId, next);
    const access = await accessChange(tx, { organizationId, userId, wasActive: present.active, isActive: next.active });
    const changed = changedAttributes(present, next);
    if (changed.length === 0 && access.action === 'DIRECTORY_USER_UPDATED') return { unchanged: present };

    return {
      ...access,
      subjectId: userId,
      after: { ...access.after, attributes: changed },
      apply: async ({ at }) => {
        await access.apply(at);
        await nameUser(tx, { organizationId, userId }, next);
        const { userName, externalId, active } = next;
        return onlyRow(
          await tx.query<DirectoryUser>`
            UPDATE public."ScimUser" SET ${assignmentsOf({ userName, externalId, active, updatedAt: at })},
              "attributes" = ${JSON.stringify(next.attributes)}::jsonb, "version" = "version" + 1
            WHERE "organizationId" = ${organizationId} AND "userId" = ${userId} RETURNING ${columnsOfUser}`,
        );
      },
    };
  });
}

/**
 * Deletes the user of a directory: it loses the membership, and leaves the directory's teams. A row without personal data stays, so
 * that a token that names the organization gives no access either.
 *
 * @throws NotFoundError, ScimError, ValidationError
 */
export function deleteDirectoryUser(db: Database, change: DirectoryChange, userId: string): Promise<void> {
  const { organizationId } = change.token;
  return commit(db, { organizationId, actor: change.actor }, async (tx) => {
    const present = await findDirectoryUser(tx, organizationId, userId);
    if (!present) throw new NotFoundError();
    checkVersion(change, present);
    const access = await accessChange(tx, { organizationId, userId, wasActive: present.active, isActive: false });
    return {
      ...access,
      subjectId: userId,
      after: null,
      apply: async ({ at }) => {
        await access.apply(at);
        await leaveTeams(tx, { organizationId, userId }, 'SCIM');
        await tx.query`
          UPDATE public."ScimUser" SET "active" = false, "deletedAt" = ${at}, "userName" = "userId", "externalId" = NULL,
            "attributes" = '{}'
          WHERE "organizationId" = ${organizationId} AND "userId" = ${userId}`;
      },
    };
  });
}

function subjectOf({ token }: DirectoryChange): 'externalId' | 'userName' {
  return token.subjectAttribute === 'EXTERNAL_ID' ? 'externalId' : 'userName';
}

/** The subject stays: who signs in with another one is another user. One that is not given stays too. */
function withSubject(change: DirectoryChange, present: DirectoryUser, next: DirectoryUserInput): DirectoryUserInput {
  const attribute = subjectOf(change);
  const said = next[attribute] ?? present[attribute];
  if (said !== present[attribute]) {
    throw new ScimError(
      'mutability',
      `${attribute} is the subject that the user signs in with, and cannot be changed: delete the user, and create another`,
    );
  }
  return { ...next, [attribute]: said };
}

function changedAttributes(present: DirectoryUser, next: DirectoryUserInput): string[] {
  const [was, is] = [attributesOf(present), attributesOf(next)];
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...names].filter((name) => !isDeepStrictEqual(was[name], is[name])).toSorted();
}

function attributesOf(user: DirectoryUserInput | DirectoryUser): Record<string, unknown> {
  const { userName, externalId, active, attributes } = user;
  return { ...(attributes as Record<string, unknown>), userName, externalId, active };
}

async function refuseTaken(
  tx: Database,
  organizationId: string,
  userId: string,
  { userName, externalId }: DirectoryUserInput,
): Promise<void> {
  const [other] = await tx.query<{ hasName: boolean }>`
    SELECT lower("userName") = lower(${userName}) AS "hasName" FROM ${usersOf(organizationId)} AND "userId" <> ${userId}
      AND (lower("userName") = lower(${userName}) OR "externalId" = ${externalId}) LIMIT 1`;
  if (other) throw taken(other.hasName ? 'userName' : 'externalId');
}
