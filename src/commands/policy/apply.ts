import { OperatorError } from '../../errors/operator-error.ts';
import { UsageError } from '../command.ts';
import type { ConnectionTo } from '../graph/connection.ts';
import { applyPlan, type Plan, RefusedError } from './plan.ts';

/** What became of an organization. */
export interface Applied {
  organizationId: string;
  outcome: 'APPLIED' | 'UNCHANGED';
  revision: number;
}

/** Called with each organization as it is done. */
type OnApplied = (applied: Applied) => void;

/**
 * Applies plans one after another. The first that fails ends it: those before it stay applied, and the error names them.
 * @throws UsageError
 */
export async function applyPlans(
  connect: ConnectionTo,
  plans: readonly Plan[],
  { reason, onApplied }: { reason: string | undefined; onApplied: OnApplied },
): Promise<void> {
  const done: string[] = [];
  for (const [index, plan] of plans.entries()) {
    const { organizationId, preview } = plan;
    const isChange = preview.changes.length > 0;
    try {
      const revision = isChange ? await applyPlan(connect(organizationId), plan, reason) : preview.revision;
      onApplied({ organizationId, outcome: isChange ? 'APPLIED' : 'UNCHANGED', revision });
      if (isChange) done.push(organizationId);
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      const left = plans.slice(index).map((other) => other.organizationId);
      const unlessLost = error instanceof RefusedError ? '' : ', unless the answer was lost';
      throw new UsageError(
        `${error.message}\nApplied: ${done.join(', ') || 'none'}. Not applied${unlessLost}: ${left.join(', ')}.`,
      );
    }
  }
}
