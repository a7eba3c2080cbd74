import type { HttpAnswer } from './http-client.ts';
import { configId, configsPerOrganization, type createJudge, organizationAt } from './population.ts';
import { type Contender, type Scenario, type Subject, wordsOf } from './question.ts';

/** What is wrong with an answer; undefined for a right one. Cheap: it is asked of every answer under load. */
export function faultOf(
  { status, body }: HttpAnswer,
  asked: { contender: Contender; scenario: Scenario; subject: Subject; judge: ReturnType<typeof createJudge> },
): string | undefined {
  const { contender, scenario, subject } = asked;
  if (status !== 200 || body.includes('"errors"')) return `${status} ${body.slice(0, 500)}`;

  const missing = wordsOf(scenario, subject).find((word) => !body.includes(word));
  if (missing !== undefined) return `${missing} is missing in ${body.slice(0, 500)}`;
  if (scenario === 'access') return faultOfDecision(body, subject, asked.judge);
  if (scenario.startsWith('configs')) return faultOfPage(body, subject);
  if (scenario === 'update' && contender === 'modelgate' && !body.includes('"OrganizationModelSettings"')) return body;
  return undefined;
}

function faultOfDecision(
  body: string,
  { organization, modelKey }: Subject,
  judge: ReturnType<typeof createJudge>,
): string | undefined {
  const reasons = judge(organization, modelKey);
  const revision = Number(/"revision":(\d+)/.exec(body)?.[1]);
  const isRight =
    organizationAt(revision) === organization &&
    body.includes(`"allowed":${reasons.length === 0}`) &&
    body.includes(`"reasons":${JSON.stringify(reasons)}`);
  return isRight ? undefined : `${organization} ${modelKey} should be refused for [${reasons}]: ${body}`;
}

function faultOfPage(body: string, { organization, page }: Subject): string | undefined {
  const first = page?.first ?? 0;
  const ends = [first, first + configsPerOrganization - 1].map((config) => configId(organization, config));
  return ends.every((id) => body.includes(id)) ? undefined : `${ends} should be in ${body.slice(0, 500)}`;
}
