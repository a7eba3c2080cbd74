import { parseArgs } from 'node:util';
import { OperatorError } from '../../errors/operator-error.ts';
import { commandLine } from '../../program.ts';
import { type Command, UsageError } from '../command.ts';
import { type ConnectionTo, connectionsOf } from '../graph/connection.ts';
import { fileOf, organizationOf } from '../graph/organization.ts';
import { type Applied, applyPlans } from './apply.ts';
import { readDocument } from './documents.ts';
import { exportPolicies } from './export.ts';
import { type Plan, planPolicy } from './plan.ts';
import { showPlan } from './show-plan.ts';

const usage = `Usage: ${commandLine('policy', 'export --org ORG [-f FILE] [--format yaml|json] [--at-revision N]')}
       ${commandLine('policy', 'plan --org ORG -f FILE [--json]')}
       ${commandLine('policy', 'apply --org ORG -f FILE [--reason TEXT] [--json]')}

Keeps the policy of an organization in a file. It asks a running service, and needs no database.

  export         writes the policy that the organization has
  plan           tells what a file would change, and changes nothing
  apply          plans, prints the plan, and makes it so, unless the organization was changed in between

  --org          the id of the organization (org_…); given several times, all are planned before any is changed
  -f, --file     the file; - is the standard input or output; {org} in its name stands for the id of the organization
  --format       yaml or json; what the name of the file ends in, if not given
  --at-revision  the policy as it was at that revision
  --reason       why, for the history
  --json         prints the plan, and what was done, as JSON
  --url          the address of the service; MODELGATE_URL, else http://localhost:4000, if not given
  --token-file   a file with the token or the API key, {org} as above; MODELGATE_TOKEN, if not given

Exit codes: plan 0: nothing to do, 2: there are changes; export and apply 0: done; 1: something failed.
`;

const common = {
  org: { type: 'string', multiple: true },
  file: { type: 'string', short: 'f' },
  url: { type: 'string' },
  'token-file': { type: 'string' },
} as const;
const json = { json: { type: 'boolean', default: false } } as const;

const verbs: Readonly<Record<string, (parameters: string[]) => Promise<void>>> = {
  export: async (args) => {
    const options = { ...common, format: { type: 'string' }, 'at-revision': { type: 'string' } } as const;
    const { values } = parseArgs({ args, options });
    const { file = '-', format, 'at-revision': revision } = values;
    const request = { organizationIds: organizationsOf(values.org), file, format, atRevision: revisionOf(revision) };
    await exportPolicies(connectionsOf(values), request);
  },
  plan: async (args) => {
    const { values } = parseArgs({ args, options: { ...common, ...json } });
    const plans = await planAll(connectionsOf(values), organizationsOf(values.org), values.file);
    print(values.json ? jsonOf(plans) : textOf(plans));
    if (plans.some(hasChanges)) process.exitCode = 2;
  },
  apply: async (args) => {
    const { values } = parseArgs({ args, options: { ...common, ...json, reason: { type: 'string' } } });
    const connect = connectionsOf(values);
    const plans = await planAll(connect, organizationsOf(values.org), values.file, values.reason);
    if (!values.json) print(textOf(plans));
    const applied: Applied[] = [];
    const onApplied = (one: Applied) => {
      applied.push(one);
      const { organizationId, outcome, revision } = one;
      if (!values.json && outcome === 'APPLIED') print(`Applied: ${organizationId} is at revision ${revision}.\n`);
    };
    await applyPlans(connect, plans, { reason: values.reason, onApplied }).finally(() => {
      if (values.json) print(jsonOf(plans, applied));
    });
  },
};

export const policy: Command = {
  usage,
  run: async ([verb, ...parameters]) => {
    const run = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (!run)
      throw new UsageError(
        `${verb === undefined ? 'What' : `There is no "policy ${verb}". What`} shall be done?\n\n${usage}`,
      );
    await run(parameters);
  },
};

/** Plans each organization. Where any cannot be planned, all reasons are told. */
async function planAll(
  connect: ConnectionTo,
  organizationIds: readonly string[],
  pattern: string | undefined,
  reason?: string,
): Promise<Plan[]> {
  if (pattern === undefined) throw new UsageError(`Which file? -f FILE, or -f - for the standard input.\n\n${usage}`);
  const texts = new Map<string, string>();
  const plans: Plan[] = [];
  const failures: string[] = [];
  for (const organizationId of organizationIds) {
    const file = fileOf(pattern, organizationId);
    try {
      const text = texts.get(file) ?? readDocument(file);
      texts.set(file, text);
      plans.push(await planPolicy(connect(organizationId), { organizationId, file, text }, reason));
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      failures.push(error.message);
    }
  }
  if (failures.length > 0) throw new UsageError([...new Set(failures), 'Nothing was changed.'].join('\n'));
  return plans;
}

const hasChanges = ({ preview }: Plan) => preview.changes.length > 0;

function textOf(plans: readonly Plan[]): string {
  const changed = plans.filter(hasChanges).length;
  const summary = plans.length > 1 ? `\n${changed} of ${plans.length} organizations would change.\n` : '';
  return `${plans.map(showPlan).join('\n\n')}\n${summary}`;
}

/** Plans, and what was done, for programs. */
function jsonOf(plans: readonly Plan[], applied?: readonly Applied[]): string {
  const organizations = plans.map(({ organizationId, file, preview }) => ({
    organizationId,
    file,
    ...preview,
    ...(applied ? { applied: applied.find((one) => one.organizationId === organizationId) ?? null } : {}),
  }));
  return `${JSON.stringify({ hasChanges: plans.some(hasChanges), organizations }, null, 2)}\n`;
}

function organizationsOf(ids: readonly string[] | undefined): string[] {
  if (ids === undefined) throw new UsageError(`Which organization? --org ORG\n\n${usage}`);
  return [...new Set(ids.map(organizationOf))];
}

function revisionOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--at-revision must be the number of a revision, not "${text}".`);
  return Number(text);
}

function print(text: string): void {
  process.stdout.write(text);
}
