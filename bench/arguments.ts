import { parseArgs } from 'node:util';
import { UsageError } from '../src/commands/command.ts';
import type { Scenario } from './processes/question.ts';
import { scenarioNames } from './scenario.ts';

export const usage = `Usage: npm run bench -- [--quick] [--only a,b] [--write] [--profile scenario]

  --quick     in less than two minutes: short rounds, without what needs many organizations; writes no RESULTS.md
  --only      these scenarios and other measures; writes no RESULTS.md
  --write     writes RESULTS.md all the same
  --profile   where the service's CPU goes in a scenario, and nothing else

Scenarios: ${scenarioNames.join(', ')}.
Other measures: batching, start, freshness; not in a quick run unless named: growth, memory, pages.
`;

const quickMeasures = ['batching', 'start', 'freshness'];
const measures = [...quickMeasures, 'growth', 'memory', 'pages'];

export interface Arguments {
  quick: boolean;
  /** What is measured in rounds. */
  only: Scenario[];
  /** And what else. */
  measures: string[];
  write: boolean;
  profile: Scenario | undefined;
}

/** What is asked for; undefined where that is help. Throws for what is not known. */
export function readArguments(parameters: string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: parameters,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      write: { type: 'boolean' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;

  const { quick, profile } = values;
  const named = values.only?.split(',');
  const wanted = named ?? [...scenarioNames, ...(quick ? quickMeasures : measures)];
  const unknown = [...wanted, profile ?? []].flat().filter((name) => !isScenario(name) && !measures.includes(name));
  if (unknown.length > 0) throw new UsageError(`Nothing is called ${unknown.join(', ')}\n\n${usage}`);
  return {
    quick,
    only: wanted.filter(isScenario),
    measures: measures.filter((name) => wanted.includes(name)),
    write: values.write ?? !(quick || named),
    profile: scenarioNames.find((name) => name === profile),
  };
}

function isScenario(name: string): name is Scenario {
  return scenarioNames.some((scenario) => scenario === name);
}
