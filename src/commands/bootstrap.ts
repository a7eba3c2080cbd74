import { parseArgs } from 'node:util';
import { unmetRequirement } from '../database/migrate/requirements.ts';
import { createDatabase } from '../database/pool/client.ts';
import { Name } from '../domain/input/name.ts';
import { type Bootstrap, bootstrap as bootstrapIn, type Owned } from '../domain/organizations/bootstrap.ts';
import { linkOfInvitation } from '../domain/organizations/invitation.ts';
import { EmailAddress } from '../domain/organizations/invitation-change.ts';
import type { Environment } from '../environment/environment.ts';
import { UserError } from '../errors/base.ts';
import { commandLine } from '../program.ts';
import { nextSteps } from './bootstrap-steps.ts';
import { type Command, UsageError } from './command.ts';
import { withConnection } from './connection.ts';
import { readOwnEnvironment } from './own-environment.ts';

const usage = `Usage: ${commandLine('bootstrap', '--organization NAME')} --owner SUBJECT|EMAIL [--issuer ISSUER] [--add] [--json]

Creates an organization in DATABASE_URL and makes somebody its owner, who need not have signed in before. Prints what to do
next. Run again, it changes nothing.

  --organization   its name; or the id (org_…) of one that there is, to which the owner is added
  --owner          whom the issuer's tokens name by this subject (sub); or the id (usr_…) of a user that there is;
                   or an e-mail address, which is invited: whoever signs in with it, verified by its issuer, accepts
  --issuer         the issuer, where AUTH_ISSUERS names several; the first of them without
  --add            adds the owner to the organization of that name that there is already
  --json           prints what was done as JSON

A token that names an organization gives access to that one alone, in the role that it names. Organizations of such tokens
need no bootstrap: they are created at the first sign-in.
`;

const options = {
  organization: { type: 'string' },
  owner: { type: 'string' },
  issuer: { type: 'string' },
  add: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

export const bootstrap: Command = {
  usage,
  run: async (parameters) => {
    const { values } = parseArgs({ args: parameters, options });
    const { organization, owner: subject, add: adds, json } = values;
    if (organization === undefined) throw new UsageError(`Which organization?\n\n${usage}`);
    if (subject === undefined) throw new UsageError(`Who shall own it?\n\n${usage}`);

    const environment = readOwnEnvironment({ needsAuth: false });
    const { issuer, keepsIds } = issuerOf(environment, values.issuer);
    const owner = ownerOf(subject, keepsIds);
    const { limits } = environment;
    const request = { organization: organizationOf(organization), issuer, owner, adds, limits };
    const done = await inDatabase(environment, request);
    if (done.outcome === 'ABSENT') throw new UsageError(`There is no organization ${organization}.`);
    if (done.outcome === 'TAKEN') throw new UsageError(takenBy(organization, done.organizationIds));

    const { outcome, ...owned } = done;
    const { organizationId, invitationId } = owned;
    const link = invitationId && linkOfInvitation(environment.invitationUrl, { organizationId, invitationId });
    const text = json
      ? `${JSON.stringify({ outcome, ...owned, link, issuer, owner: subject })}\n`
      : `${sentenceOf(outcome, owned, subject)}\n\n${nextSteps({ ...owned, link }, { issuer, owner: subject }, environment)}`;
    process.stdout.write(text);
  },
};

function issuerOf({ databaseUrl, auth }: Environment, named: string | undefined) {
  if (databaseUrl === undefined) {
    throw new UsageError(
      `DATABASE_URL is not set. The embedded mode has owners of its own: ${commandLine('token', 'owner')} prints a token of one.`,
    );
  }
  if (auth === undefined) {
    throw new UsageError('AUTH_ISSUER is not set. Set it as for the service: a subject is of an issuer.');
  }
  const found = named === undefined ? auth[0] : auth.find(({ issuer }) => issuer === named);
  if (found) return { issuer: found.issuer, keepsIds: found.keepsIds ?? false };
  throw new UsageError(`The service does not trust the issuer ${named}: it is not AUTH_ISSUER, or in AUTH_ISSUERS.`);
}

function ownerOf(text: string, keepsIds: boolean): Bootstrap['owner'] {
  const fault = [
    [text === '', 'is empty'],
    [text !== text.trim(), 'begins or ends with a blank'],
    [/[\p{Cc}\p{Cs}]/u.test(text), 'has control characters'],
    [text.length > 255, 'is longer than 255 characters'],
  ].find(([isSo]) => isSo);
  if (fault) throw new UsageError(`--owner ${fault[1]}. Give the subject as it is in the user's tokens (sub).`);
  const { data: email } = EmailAddress.safeParse(text);
  return email === undefined ? { subject: text, keepsIds } : { email };
}

function organizationOf(text: string): Bootstrap['organization'] {
  if (/^org_[\w-]{1,120}$/.test(text)) return { id: text };
  const { data: name, error } = Name.safeParse(text);
  if (error) throw new UsageError(`--organization ${error.issues.map(({ message }) => message).join('; ')}.`);
  return { name };
}

async function inDatabase({ databaseUrl = '', preparedStatements }: Environment, request: Bootstrap) {
  return withConnection(databaseUrl, async (client) => {
    const fault = await unmetRequirement(client);
    if (fault !== null) throw new UsageError(fault);
    const db = createDatabase(databaseUrl, { poolSize: 1, preparedStatements });
    return bootstrapIn(db, request)
      .catch((error: unknown) => {
        throw error instanceof UserError ? new UsageError(`${error.message}.`) : error;
      })
      .finally(() => db.$disconnect());
  });
}

function sentenceOf(
  outcome: 'CREATED' | 'ADDED' | 'UNCHANGED',
  { organizationId, name, userId, invitationId }: Owned,
  owner: string,
): string {
  const organization = `the organization ${name === null ? organizationId : `"${name}" (${organizationId})`}`;
  const who = userId === null ? owner : `the user ${userId}`;
  const [done, is] = invitationId === null ? ['owned by', 'is an owner of'] : ['and invited', 'is invited to own'];
  return {
    CREATED: `Created ${organization}, ${done} ${who}.`,
    ADDED: `Now ${who} ${is} ${organization}.`,
    UNCHANGED: `Nothing to do: ${who} ${is} ${organization} already.`,
  }[outcome];
}

function takenBy(name: string, ids: readonly string[]): string {
  const [id] = ids;
  return ids.length === 1
    ? `There is an organization "${name}" already (${id}), and this is not its owner. To add one: --add. To create another: another name.`
    : `There are ${ids.length} organizations "${name}" already: ${ids.join(', ')}. To add an owner to one: --organization ${id}`;
}
