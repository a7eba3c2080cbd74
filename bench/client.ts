import { models } from './fill.ts';
import { openConnection, writeRequest } from './processes/http-client.ts';
import { questionOf, type Scenario, type Subject, type Way, wordsOf } from './processes/question.ts';
import { randomNumbers } from './processes/random.ts';
import { createDraw } from './processes/subject.ts';
import { createTokens } from './processes/tokens.ts';
import type { World } from './world.ts';

/** One client of the service, with one connection. */
export interface Client {
  /** The body of the answer; throws where it is not the answer to this question. */
  ask: (scenario: Scenario, subject: Subject, way?: Way) => Promise<string>;
  close: () => void;
}

export async function createClient(world: World, url: string): Promise<Client> {
  const connection = await openConnection(url);
  const tokenOf = createTokens(world.tokens);
  return {
    ask: async (scenario, subject, way = 'warm') => {
      const token = tokenOf(subject, way);
      const question = questionOf('modelgate', scenario, subject);
      const { status, body } = await connection.send(writeRequest(url, { ...question, token }));
      const isRight = wordsOf(scenario, subject).every((word) => body.includes(word));
      if (status !== 200 || body.includes('"errors"') || !isRight) throw new Error(`${scenario}: ${status} ${body}`);
      return body;
    },
    close: connection.close,
  };
}

/** Subjects for a client's questions, drawn with this seed. */
export function subjectsOf(world: World, scenario: Scenario, seed: number): (organization?: number) => Subject {
  return createDraw(scenario, {
    organizations: world.size,
    models,
    random: randomNumbers(seed),
    name: `client-${seed}`,
  });
}
