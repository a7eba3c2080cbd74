import type { Database } from '../database/client.ts';
import type { Limits } from '../limits.ts';
import { costOf } from './cost.ts';
import { type UsageReport, usageBatchAt } from './usage-input.ts';
import { insertUsage, type UsageRow } from './usage-store.ts';
import { findTargets, type Targets, type UsageTarget } from './usage-target.ts';
import { parseInput } from './validation.ts';

/** What became of a batch. */
export interface RecordedUsage {
  recorded: number;
  /** Records that were there before, or stood twice in the batch. */
  duplicates: number;
}

/** Who reports, and what is known of the world at that moment. */
export interface UsageReporter extends Targets {
  now: Date;
  limits: Limits;
}

/**
 * Records a batch of reports, all or none. A record id counts once for an organization, however often and wherever it
 * is reported: the first report stands. Costs are frozen at the catalog's prices of this moment.
 *
 * @throws ValidationError
 */
export async function recordUsage(db: Database, reporter: UsageReporter, input: unknown): Promise<RecordedUsage> {
  const { records: reports } = parseInput(usageBatchAt(reporter.now, reporter.limits.usageBatch), input);
  const targets = await findTargets(db, reporter, reports);

  const rows = new Map<string, UsageRow>();
  for (const [index, report] of reports.entries()) {
    const target = targets[index];
    if (target && !rows.has(report.id)) rows.set(report.id, rowOf(report, target, reporter));
  }
  const recorded = await insertUsage(db, reporter.organizationId, [...rows.values()]);
  return { recorded, duplicates: reports.length - recorded };
}

function rowOf(report: UsageReport, target: UsageTarget, { catalog, now }: UsageReporter): UsageRow {
  const { id, modelConfigId = null, promptTokens, completionTokens, usedAt } = report;
  const { provider, modelId } = target;
  const model = catalog.find(`${provider}/${modelId}`);
  const cost = model ? costOf(model, { promptTokens, completionTokens }) : null;
  return { id, modelConfigId, provider, modelId, promptTokens, completionTokens, cost, at: usedAt ?? now };
}
