import { readModels } from './decision.ts';
import { type Connection, openConnection, writeRequest } from './http-client.ts';
import { createJudge, modelsInUse } from './population.ts';
import { type Contender, questionOf, type Scenario, type Subject, type Way } from './question.ts';
import { randomNumbers } from './random.ts';
import { createDraw, questionsOf } from './subject.ts';
import { createTokens, type Tokens } from './tokens.ts';
import { faultOf } from './verify.ts';

/** What to ask of whom, and for how long. */
export interface Load {
  url: string;
  contender: Contender;
  scenario: Scenario;
  /** Where it is not `warm`, organizations are asked about in turn, for each to be forgotten before its turn comes again. */
  way: Way;
  /** Draws from the first so many organizations. */
  organizations: number;
  catalog: string;
  seconds: number;
  seed: number;
  /** Asks each question of the scenario once, in turn, instead of any at random, until the time is up. */
  each?: boolean;
  /** Always asks this. */
  always?: Partial<Subject>;
  /** Absent: nobody is asked who they are. */
  tokens?: Tokens;
}

/** What came of it; times are in ms. */
export interface Outcome {
  requests: number;
  seconds: number;
  p50: number;
  p99: number;
}

const connectionCount = 32;

let open: { url: string; connections: Connection[] } | undefined;

/** Where the next load that asks in turn goes on: what the last one asked about may be remembered yet. */
let turn = 0;

/** Keeps every connection busy with one request after another, and looks at every answer. */
export async function run(load: Load): Promise<Outcome> {
  const connections = await connectionsTo(load.url);
  const all = readModels(load.catalog);
  const judge = createJudge(all);
  const models = modelsInUse(all);
  const random = randomNumbers(load.seed);
  const draw = createDraw(load.scenario, {
    organizations: load.organizations,
    models,
    random,
    name: String(load.seed),
  });

  const { organizations, way } = load;
  if (load.each) turn = 0;
  const questions = questionsOf(load.scenario, organizations, models);
  const next = () => {
    if (!load.each && way === 'warm') return draw();
    const subject = draw(turn % organizations, models[Math.floor(turn / organizations) % models.length]);
    turn += 1;
    return subject;
  };

  const tokenOf = load.tokens && createTokens(load.tokens);
  const times: number[] = [];
  let isOver = false;
  let firstFault: string | undefined;
  const begun = performance.now();
  const end = begun + load.seconds * 1000;
  const work = async (connection: Connection) => {
    while (!isOver) {
      if (load.each && turn >= questions) return;
      const subject = { ...next(), ...load.always };
      const request = writeRequest(load.url, {
        ...questionOf(load.contender, load.scenario, subject),
        token: tokenOf?.(subject, way),
      });
      const asked = performance.now();
      const answer = await connection.send(request);
      const answered = performance.now();
      times.push(answered - asked);
      const fault = faultOf(answer, { ...load, subject, judge });
      firstFault ??= fault;
      if (answered >= end || firstFault !== undefined) isOver = true;
    }
  };
  await Promise.all(connections.map(work));
  if (firstFault !== undefined) throw new Error(`${load.contender} ${load.scenario}: ${firstFault}`);

  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? Number.NaN;
  return {
    requests: times.length,
    seconds: (performance.now() - begun) / 1000,
    p50: at(0.5),
    p99: at(0.99),
  };
}

async function connectionsTo(url: string): Promise<Connection[]> {
  if (open?.url !== url) {
    for (const connection of open?.connections ?? []) connection.close();
    open = { url, connections: await Promise.all(Array.from({ length: connectionCount }, () => openConnection(url))) };
  }
  return open.connections;
}
