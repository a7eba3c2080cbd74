import { isDeepStrictEqual } from 'node:util';
import { canonical } from './canonical.ts';
import { type Running, startContender } from './contender.ts';
import { models } from './fill.ts';
import { load } from './measure.ts';
import { openConnection, writeRequest } from './processes/http-client.ts';
import { type Contender, contenders, questionOf, type Scenario, type Subject } from './processes/question.ts';
import { randomNumbers } from './processes/random.ts';
import { createDraw } from './processes/subject.ts';
import { createTokens } from './processes/tokens.ts';
import { scenarios } from './scenario.ts';
import type { World } from './world.ts';

const subjectsOfEach = 60;
const changesOfEach = 12;
const compared: readonly Scenario[] = ['settings', 'access', 'configs', 'configs-deep', 'entities'];

/** How long, in ms, a process may take to hear of a change that another one made. */
const patienceMs = 2_000;

/** Throws unless all contenders answer the same questions alike, and all again once each has made changes. */
export async function checkAgreement(world: World): Promise<number> {
  const running = new Map<Contender, Running>();
  for (const contender of contenders) running.set(contender, await startContender(contender, world));
  let answers = 0;
  for (const scenario of compared) {
    const draw = drawFor(world, scenario);
    const subjects = Array.from({ length: subjectsOfEach }, () => draw());
    const able = [...running].filter(([contender]) => scenarios[scenario].contenders.includes(contender));
    answers += await compare(world, new Map(able), scenario, subjects);
  }
  for (const [contender, one] of running) {
    const few = {
      contender,
      scenario: 'update',
      way: 'warm',
      seconds: 30,
      each: true,
      organizations: changesOfEach,
    } as const;
    await load(world, one, few);
    answers += await compareChanged(world, running, contender);
  }
  for (const one of running.values()) await one.stop();
  return answers;
}

async function compareChanged(
  world: World,
  running: ReadonlyMap<Contender, Running>,
  changer: Contender,
): Promise<number> {
  const draw = drawFor(world, 'settings');
  const subjects = Array.from({ length: changesOfEach }, (_, organization) => draw(organization));
  // PostGraphile makes no entry of the ledger: the service may go on answering with what it knows.
  const able = [...running].filter(([name]) => changer !== 'postgraphile' || name !== 'modelgate');
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      return await compare(world, new Map(able), 'settings', subjects);
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}

const drawFor = (world: World, scenario: Scenario) =>
  createDraw(scenario, { organizations: world.size, models, random: randomNumbers(7), name: 'agreement' });

/** How many answers there were, which are all alike; throws where two are not. */
async function compare(
  world: World,
  running: ReadonlyMap<Contender, Running>,
  scenario: Scenario,
  subjects: readonly Subject[],
): Promise<number> {
  const bodies = new Map<Contender, string[]>();
  for (const [contender, { url }] of running) {
    bodies.set(contender, await ask(world, url, contender, scenario, subjects));
  }
  const [first, ...others] = bodies.keys();
  if (first === undefined) return 0;
  for (const [index, subject] of subjects.entries()) {
    for (const other of others) {
      const [left, right] = [first, other].map((contender) =>
        canonical(contender, scenario, bodies.get(contender)?.[index] ?? '', { isJoined: other === 'postgraphile' }),
      );
      if (isDeepStrictEqual(left, right)) continue;
      throw new Error(
        `They do not agree on ${scenario} of ${JSON.stringify(subject)}:\n` +
          `${first}: ${JSON.stringify(left)}\n${other}: ${JSON.stringify(right)}`,
      );
    }
  }
  return subjects.length * bodies.size;
}

async function ask(
  world: World,
  url: string,
  contender: Contender,
  scenario: Scenario,
  subjects: readonly Subject[],
): Promise<string[]> {
  const connection = await openConnection(url);
  const tokenOf = createTokens(world.tokens);
  const bodies: string[] = [];
  for (const subject of subjects) {
    const question = questionOf(contender, scenario, subject);
    const { body } = await connection.send(writeRequest(url, { ...question, token: tokenOf(subject, 'warm') }));
    bodies.push(body);
  }
  connection.close();
  return bodies;
}
