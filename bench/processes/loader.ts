// The second process: asks whom it is told to ask, and tells what came of it.
import { type Load, type Outcome, run } from './load.ts';

export type Told = { outcome: Outcome } | { fault: string };

process.once('disconnect', () => process.exit());
process.on('message', (load) => {
  run(load as Load).then(
    (outcome) => tell({ outcome }),
    (error: unknown) => tell({ fault: error instanceof Error ? error.message : String(error) }),
  );
});

function tell(told: Told): void {
  process.send?.(told);
}
