import type { Database } from '../../database/pool/client.ts';
import type { ValidationIssue } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import { costOf } from '../models/cost.ts';
import { parseUsageBatch, type UsageEntry, type UsageReport } from './usage-input.ts';
import { findRecorded, insertUsage, type UsageRow } from './usage-store.ts';
import { findTargets, type ReportTarget, type Targets } from './usage-target.ts';

/** The result of a batch: each of its records is counted once. */
export interface RecordedUsage {
  recorded: number;
  /** Records whose id was recorded before, or occurred earlier in the batch. */
  duplicates: number;
  rejected: readonly RejectedUsage[];
}

/** A record that was rejected, and why. */
export interface RejectedUsage {
  /** Its index in the batch, from 0. */
  index: number;
  /** Null where the given id is invalid. */
  id: string | null;
  /** Their paths are those of the record. */
  issues: readonly ValidationIssue[];
}

/** The caller, the catalog and the time of a batch. */
export interface UsageReporter extends Targets {
  now: Date;
  limits: Limits;
}

/**
 * Records a batch. Invalid records are rejected, the others are recorded. It is idempotent by record id within an
 * organization: the first report counts, and a later one is a duplicate, whatever it says. Costs are stored at the catalog's
 * present prices.
 *
 * @throws ValidationError where the batch itself is invalid
 */
export async function recordUsage(db: Database, reporter: UsageReporter, input: unknown): Promise<RecordedUsage> {
  const { organizationId, now, limits } = reporter;
  const entries = await withTargets(db, reporter, parseUsageBatch(input, now, limits.usageBatch));
  const faulty = entries.flatMap((entry) => ('issues' in entry && entry.id !== null ? [entry.id] : []));
  const known = await findRecorded(db, organizationId, [...new Set(faulty)]);

  const rows = new Map<string, UsageRow>();
  const rejected: RejectedUsage[] = [];
  for (const [index, entry] of entries.entries()) {
    if (!('issues' in entry)) {
      if (!rows.has(entry.id)) rows.set(entry.id, entry);
    } else if (entry.id === null || !(known.has(entry.id) || rows.has(entry.id))) {
      rejected.push({ index, ...entry });
    }
  }
  const recorded = await insertUsage(db, organizationId, [...rows.values()]);
  return { recorded, duplicates: entries.length - recorded - rejected.length, rejected };
}

type Faulty = Exclude<UsageEntry, { report: UsageReport }>;

/** The records as rows. Those whose model is unknown become faulty. */
async function withTargets(
  db: Database,
  reporter: UsageReporter,
  entries: readonly UsageEntry[],
): Promise<(UsageRow | Faulty)[]> {
  const reports = entries.flatMap((entry) => ('report' in entry ? [entry.report] : []));
  const targets = await findTargets(db, reporter, reports);
  return entries.map((entry) => {
    if ('issues' in entry) return entry;
    const { report } = entry;
    const target = targets.get(report);
    return target ? rowOf(report, target, reporter) : { id: report.id, issues: [unknownTarget(report)] };
  });
}

function unknownTarget({ modelConfigId }: UsageReport): ValidationIssue {
  return modelConfigId
    ? { path: 'modelConfigId', message: 'there is no such configuration' }
    : { path: 'modelKey', message: 'the catalog has no such model; name others `provider/key`' };
}

function rowOf(report: UsageReport, target: ReportTarget, { catalog, now }: UsageReporter): UsageRow {
  const { id, modelConfigId = null, promptTokens, completionTokens, usedAt } = report;
  const { provider, modelId, ownerId } = target;
  const userId = report.userId ?? ownerId;
  const model = catalog.find(`${provider}/${modelId}`);
  const cost = model ? costOf(model, { promptTokens, completionTokens }) : null;
  return { id, modelConfigId, provider, modelId, userId, promptTokens, completionTokens, cost, at: usedAt ?? now };
}
