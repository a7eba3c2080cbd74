import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { filterModels } from '../../src/domain/models/model-list.ts';
import { Decisions } from '../../src/policy/decisions.ts';
import { decide, type Snapshot } from '../../src/policy/policy.ts';
import { defaultPolicy, type Lists } from '../../src/policy/policy-value.ts';
import type { Subject } from '../../src/policy/subject.ts';
import { manyModels } from '../many-models.ts';
import { median } from '../table.ts';
import type { Verdict } from '../verdict.ts';

const models = 10_000;
const entries = 250;
const teams = 5;
const times = 30;
const decisions = 200_000;

/** What a decision costs in process, and a list of all models for one subject: in a large catalog, by many rules. */
export function measureDecisions(): Verdict[] {
  const catalog = createCatalog(manyModels(models));
  const ids = Array.from({ length: teams }, (_, index) => `team_${index}`);
  const subject: Subject = { id: 'usr_a', teams: ids, role: 'MEMBER', isMember: true };
  const snapshot: Snapshot = {
    organizationId: 'org_a',
    revision: 1,
    ...defaultPolicy,
    disabledModels: Array.from({ length: entries }, (_, index) =>
      index % 5 === 0 ? `of-bench-${index}9*` : `openai/of-bench-${index * 11}`,
    ),
    scopes: Object.fromEntries(ids.map((id, index) => [id, listsOf(index)])),
    exceptions: [],
    updatedAt: null,
    updatedById: null,
  };
  const now = new Date();
  const cpuOf = (work: () => void) => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };

  const alone = Array.from({ length: times }, () =>
    cpuOf(() => {
      for (let index = 0; index < decisions; index += 1) {
        // As two requests bring it: an equal subject, not the same.
        decide(snapshot, { ...subject }, catalog, catalog.models[index % models], now);
      }
    }),
  );
  const listed = Array.from({ length: times }, () =>
    cpuOf(() => {
      const ofRequest = new Decisions(snapshot, { ...subject }, { catalog, now }, { onEvaluated: () => {} });
      filterModels(ofRequest, { allowed: true });
    }),
  );
  const us = median(alone) / decisions;
  const ms = median(listed) / 1_000;
  return [
    {
      title: `a decision in process: ${entries} selectors and ${teams} teams, of ${models} models`,
      value: `${us.toFixed(2)} us`,
      needed: '≤ 2 us',
      isReached: us <= 2,
    },
    {
      title: `${models} models listed for a subject, in process`,
      value: `${ms.toFixed(2)} ms`,
      needed: '≤ 10 ms',
      isReached: ms <= 10,
    },
  ];
}

/** Each team has 50 entries, one in five of them a pattern. */
function listsOf(team: number): Lists {
  const disabledModels = Array.from({ length: 50 }, (_, index) =>
    index % 5 === 0 ? `google/of-bench-${index}${team}*` : `of-bench-${index * 7 + team}`,
  );
  return { disabledProviders: [], disabledModels, allowedModels: null };
}
