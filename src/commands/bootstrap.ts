import { parseArgs } from 'node:util';
import { unmetRequirement } from '../database/migrate/requirements.ts';
import { createDatabase } from '../database/pool/client.ts';
import { type Bootstrap, type Bootstrapped, bootstrap as bootstrapIn } from '../domain/organizations/bootstrap.ts';
import { Name } from '../domain/organizations/name.ts';
import { type Environment, readEnvironment } from '../env.ts';
import { nextSteps, type Owned } from './bootstrap-steps.ts';
import { type Command, UsageError } from './command.ts';
import { withConnection } from './connection.ts';

const usage = `Usage: npm run bootstrap -- --organization NAME --owner SUBJECT [--issuer ISSUER] [--add] [--json]

Creates an organization in DATABASE_URL and makes a user its owner, who need not have signed in before. Prints what to do
next. Run again, it changes nothing.

  --organization   its name; or the id (org_…) of one that there is, to which the owner is added
  --owner          whom the issuer's tokens name by this subject (sub); or the id (usr_…) of a user that there is
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

    const environment = readEnvironment(process.env, { needsAuth: false });
    const owner = { ...issuerOf(environment, values.issuer), externalId: subjectOf(subject) };
    const done = await inDatabase(environment, { organization: organizationOf(organization), owner, adds });
    if (done.outcome === 'ABSENT') throw new UsageError(`There is no organization ${organization}.`);
    if (done.outcome === 'TAKEN') throw new UsageError(takenBy(organization, done.organizationIds));

    const { outcome, ...owned } = done;
    const text = json
      ? `${JSON.stringify({ outcome, ...owned, issuer: owner.issuer, subject })}\n`
      : `${sentenceOf(outcome, owned)}\n\n${nextSteps(owned, { issuer: owner.issuer, subject }, environment)}`;
    process.stdout.write(text);
  },
};

function issuerOf({ databaseUrl, auth }: Environment, named: string | undefined) {
  if (databaseUrl === undefined) {
    throw new UsageError(
      'DATABASE_URL is not set. The embedded mode has owners of its own: npm run -s token -- owner prints a token of one.',
    );
  }
  if (auth === undefined) {
    throw new UsageError('AUTH_ISSUER is not set. Set it as for the service: a subject is of an issuer.');
  }
  const found = named === undefined ? auth[0] : auth.find(({ issuer }) => issuer === named);
  if (found) return { issuer: found.issuer, keepsIds: found.keepsIds ?? false };
  throw new UsageError(`The service does not trust the issuer ${named}: it is not AUTH_ISSUER, or in AUTH_ISSUERS.`);
}

function subjectOf(subject: string): string {
  const fault = [
    [subject === '', 'is empty'],
    [subject !== subject.trim(), 'begins or ends with a blank'],
    [/[\p{Cc}\p{Cs}]/u.test(subject), 'has control characters'],
    [Buffer.byteLength(subject) > 1_000, 'is longer than 1000 bytes'],
  ].find(([isSo]) => isSo);
  if (fault) throw new UsageError(`--owner ${fault[1]}. Give the subject as it is in the user's tokens (sub).`);
  return subject;
}

function organizationOf(text: string): Bootstrap['organization'] {
  if (/^org_[\w-]{1,120}$/.test(text)) return { id: text };
  const { data: name, error } = Name.safeParse(text);
  if (error) throw new UsageError(`--organization ${error.issues.map(({ message }) => message).join('; ')}.`);
  return { name };
}

async function inDatabase({ databaseUrl = '', preparedStatements }: Environment, request: Bootstrap) {
  return withConnection(databaseUrl, async (client): Promise<Bootstrapped> => {
    const fault = await unmetRequirement(client);
    if (fault !== null) throw new UsageError(fault);
    const db = createDatabase(databaseUrl, { poolSize: 1, preparedStatements });
    return bootstrapIn(db, request).finally(() => db.$disconnect());
  });
}

function sentenceOf(outcome: 'CREATED' | 'ADDED' | 'UNCHANGED', { organizationId, name, userId }: Owned): string {
  const organization = name === null ? organizationId : `"${name}" (${organizationId})`;
  return {
    CREATED: `Created the organization ${organization}, owned by the user ${userId}.`,
    ADDED: `The user ${userId} is now an owner of the organization ${organization}.`,
    UNCHANGED: `Nothing to do: the user ${userId} is an owner of the organization ${organization} already.`,
  }[outcome];
}

function takenBy(name: string, ids: readonly string[]): string {
  const [id] = ids;
  return ids.length === 1
    ? `There is an organization "${name}" already (${id}), and this user is not its owner. To make it one: --add. To create another: another name.`
    : `There are ${ids.length} organizations "${name}" already: ${ids.join(', ')}. To make this user an owner of one: --organization ${id}`;
}
