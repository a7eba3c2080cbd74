import type { Contender, Scenario } from './processes/question.ts';
import type { Measurements } from './rounds.ts';
import { cpuOf } from './table.ts';
import { judgeRatio, type Verdict } from './verdict.ts';

/** How many times as many requests for a second of CPU as a peer the service shall answer. */
const targets: readonly { scenario: Scenario; peer: Contender; least: number }[] = [
  { scenario: 'settings', peer: 'mercurius', least: 1.5 },
  { scenario: 'settings', peer: 'plain', least: 1 },
  { scenario: 'access', peer: 'mercurius', least: 1.5 },
  { scenario: 'configs', peer: 'mercurius', least: 1.2 },
  { scenario: 'configs', peer: 'postgraphile', least: 3 },
  { scenario: 'configs-deep', peer: 'postgraphile', least: 3 },
  { scenario: 'update', peer: 'postgraphile', least: 1 },
  { scenario: 'update', peer: 'plain', least: 0.5 },
];

/** What came of the targets that the rounds are about, as far as they were measured. */
export function judgeRounds(measurements: Measurements): Verdict[] {
  const cpu = (scenario: Scenario, contender: Contender = 'modelgate') => cpuOf(measurements, scenario, contender);
  const verdicts = [
    ...targets.map(({ scenario, peer, least }) =>
      judgeRatio(`\`${scenario}\` beside ${peer}`, cpu(scenario, peer) / cpu(scenario), { least }),
    ),
    judgeRatio('`entities`: 100 references beside 100 times `node`', (100 * cpu('node')) / cpu('entities'), {
      least: 2,
    }),
    judgeRatio('`rest` beside `settings`', cpu('settings') / cpu('rest'), { least: 0.9 }),
  ];
  return verdicts.filter(({ value }) => !value.includes('NaN'));
}
