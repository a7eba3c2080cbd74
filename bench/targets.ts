import type { Contender, Scenario, Way } from './processes/question.ts';
import { type Measurements, rowOf } from './rounds.ts';
import { cpuOf } from './table.ts';
import { judgeRatio, type Verdict } from './verdict.ts';

/** How many times the CPU of a peer's answer the service's own may take, where it does not remember it; the order is that of worth. */
const costs: readonly { way: Way; scenario: Scenario; peer: Contender; most: number }[] = [
  { way: 'cold', scenario: 'settings', peer: 'mercurius', most: 1 },
  { way: 'cold', scenario: 'settings', peer: 'plain', most: 1.2 },
  { way: 'cold', scenario: 'access', peer: 'mercurius', most: 1 },
  { way: 'cold', scenario: 'access', peer: 'plain', most: 1.2 },
  { way: 'cold', scenario: 'configs', peer: 'mercurius', most: 1.2 },
  { way: 'cold', scenario: 'configs-deep', peer: 'mercurius', most: 0.8 },
  { way: 'cold', scenario: 'entities', peer: 'mercurius', most: 1 },
  { way: 'first', scenario: 'settings', peer: 'mercurius', most: 2 },
];

/**
 * How many times as many requests for a second of CPU as a peer the service shall answer. Beside Mercurius, and for updates
 * beside plain, it is a tenth less than was measured once: it shall not become dearer.
 */
const gains: readonly { scenario: Scenario; peer: Contender; least: number }[] = [
  { scenario: 'settings', peer: 'mercurius', least: 2.2 },
  { scenario: 'access', peer: 'mercurius', least: 2.1 },
  { scenario: 'configs', peer: 'mercurius', least: 4 },
  { scenario: 'configs', peer: 'postgraphile', least: 3 },
  { scenario: 'configs-deep', peer: 'mercurius', least: 11 },
  { scenario: 'configs-deep', peer: 'postgraphile', least: 3 },
  { scenario: 'update', peer: 'postgraphile', least: 1.5 },
  { scenario: 'update', peer: 'plain', least: 1.2 },
];

/** What came of the targets that the rounds are about, as far as they were measured. */
export function judgeRounds(measurements: Measurements): Verdict[] {
  const cpu = (scenario: Scenario, contender: Contender = 'modelgate', way: Way = 'warm') =>
    cpuOf(measurements, scenario, rowOf(contender, way));
  const verdicts = [
    ...costs.map(({ way, scenario, peer, most }) =>
      judgeRatio(
        `CPU of ${way} \`${scenario}\`, beside ${peer}'s`,
        cpu(scenario, 'modelgate', way) / cpu(scenario, peer),
        {
          most,
        },
      ),
    ),
    ...gains.map(({ scenario, peer, least }) =>
      judgeRatio(`\`${scenario}\` beside ${peer}`, cpu(scenario, peer) / cpu(scenario), { least }),
    ),
    judgeRatio('`entities`: 100 references beside 100 times `node`', (100 * cpu('node')) / cpu('entities'), {
      least: 2,
    }),
    judgeRatio('`rest` beside `settings`', cpu('settings') / cpu('rest'), { least: 0.9 }),
  ];
  return verdicts.filter(({ value }) => !value.includes('NaN'));
}
