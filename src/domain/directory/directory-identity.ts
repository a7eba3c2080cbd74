import type { Database } from '../../database/pool/client.ts';
import { ScimError } from '../../errors/scim.ts';
import { findUserOf, insertUser } from '../organizations/first-sign-in.ts';
import { userIdOf } from '../organizations/identity.ts';
import type { DirectoryChange } from './directory-change.ts';
import type { DirectoryUserInput } from './directory-user.ts';

/**
 * The user whom the issuer of the directory's token names by this subject, inserted where there is none: the same that its first
 * sign-in would have made, or has.
 *
 * @throws ScimError without a subject
 */
export async function identify(
  tx: Database,
  { token: { issuer, subjectAttribute }, keepsIds, now }: DirectoryChange,
  input: DirectoryUserInput,
): Promise<string> {
  const subject = subjectAttribute === 'EXTERNAL_ID' ? input.externalId : input.userName;
  if (subject === null) {
    throw new ScimError('invalidValue', 'externalId is required: it is the subject that the user signs in with');
  }
  const identity = { issuer, externalId: subject };
  const known = await findUserOf(tx, identity);
  if (known !== undefined) return known;

  const profile = { name: nameOf(input), email: null, picture: null };
  // As if there were a row already: so that the first token that tells a name is believed.
  return insertUser(tx, { userId: userIdOf(identity, keepsIds), identity, profile, hasUser: true }, now);
}

/**
 * Takes the name of a user from its directory, unless the user or a token has told one, or another organization has the user: one
 * organization must not rename the people of others.
 */
export async function nameUser(
  tx: Database,
  { organizationId, userId }: { organizationId: string; userId: string },
  input: DirectoryUserInput,
): Promise<void> {
  const name = nameOf(input);
  if (name === null) return;
  await tx.query`
    UPDATE public."User" u SET "name" = ${name}
    WHERE u."id" = ${userId} AND u."name" IS DISTINCT FROM ${name} AND NOT u."nameSetByUser"
      AND NOT EXISTS (SELECT 1 FROM public."UserIdentity" i WHERE i."userId" = u."id" AND i."profileAt" IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM public."Membership" m
                      WHERE m."userId" = u."id" AND m."organizationId" <> ${organizationId})
      AND NOT EXISTS (SELECT 1 FROM public."ScimUser" s
                      WHERE s."userId" = u."id" AND s."organizationId" <> ${organizationId})`;
}

function nameOf({ attributes }: DirectoryUserInput): string | null {
  const { displayName, name = {} } = attributes as { displayName?: string; name?: Record<string, string> };
  const whole = [name.givenName, name.familyName].filter((part) => part !== undefined).join(' ');
  const said = displayName ?? name.formatted ?? whole;
  return said === '' ? null : said.slice(0, 200);
}
