import { parseArgs } from 'node:util';
import { UsageError } from '../src/commands/command.ts';
import { type Scenario, type Way, ways } from './processes/question.ts';
import { scenarioNames } from './scenario.ts';

export const usage = `Usage: npm run bench -- [--quick] [--only a,b] [--write] [--profile scenario [--way cold]]

  --quick     in less than two minutes: short rounds, without what needs many organizations; writes no RESULTS.md
  --only      these scenarios and other measures; writes no RESULTS.md
  --write     writes RESULTS.md all the same
  --profile   where the service's CPU goes in a scenario, and nothing else
  --way       with --profile: ${ways.join(', ')}

Scenarios: ${scenarioNames.join(', ')}.
Other measures: signature, statements, start, freshness, decisions; not in a quick run unless named: growth, memory, pages, policy, sdk, streams, observability, authzen, console.
`;

const quickMeasures = ['signature', 'statements', 'start', 'freshness', 'decisions'];
const measures = [
  ...quickMeasures,
  'growth',
  'memory',
  'pages',
  'policy',
  'sdk',
  'streams',
  'observability',
  'authzen',
  'console',
];

export interface Arguments {
  quick: boolean;
  /** What is measured in rounds. */
  only: Scenario[];
  /** And what else. */
  measures: string[];
  write: boolean;
  profile: Scenario | undefined;
  way: Way;
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
      way: { type: 'string', default: 'warm' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;

  const { quick, profile } = values;
  const named = values.only?.split(',');
  const wanted = named ?? [...scenarioNames, ...(quick ? quickMeasures : measures)];
  const unknown = [...wanted, profile ?? []].flat().filter((name) => !isScenario(name) && !measures.includes(name));
  const way = ways.find((one) => one === values.way);
  if (way === undefined) unknown.push(values.way);
  if (unknown.length > 0 || way === undefined)
    throw new UsageError(`Nothing is called ${unknown.join(', ')}\n\n${usage}`);
  return {
    quick,
    only: wanted.filter(isScenario),
    measures: measures.filter((name) => wanted.includes(name)),
    write: values.write ?? !(quick || named),
    profile: scenarioNames.find((name) => name === profile),
    way,
  };
}

function isScenario(name: string): name is Scenario {
  return scenarioNames.some((scenario) => scenario === name);
}
