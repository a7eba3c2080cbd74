import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from './external.ts';

/** What clients were told was done, and the codes of all errors that they met. */
export interface Told {
  changes: { revision: number; disabledModels: string[] }[];
  configs: string[];
  usages: string[];
  codes: Set<string>;
}

/** What the mutations answer, each a part of it. */
interface Result {
  id: string;
  revision: number;
  disabledModels: string[];
}

interface Change {
  query: string;
  /** Notes what an answer without errors acknowledges. */
  note: (result: Result) => void;
}

/** Nine clients that change one organization, each again and again, until they are stopped. */
export function startLoad(ask: (query: string) => Promise<Reply>, organizationId: string) {
  const told: Told = { changes: [], configs: [], usages: [], codes: new Set() };
  const counts = Array.from({ length: 9 }, () => 0);
  let isOn = true;

  const change = (client: number, round: number): Change => {
    const name = `${client}-${round}`;
    const input = `organizationId: "${organizationId}"`;
    switch (client % 3) {
      case 0:
        return {
          query: `mutation { result: updateModelSettings(input: { ${input}, disabledModels: ["${name}"] }) { ... on OrganizationModelSettings { revision disabledModels } } }`,
          note: ({ revision, disabledModels }) => told.changes.push({ revision, disabledModels }),
        };
      case 1:
        return {
          query: `mutation { result: createModelConfig(input: { ${input}, provider: "openai", modelId: "gpt-4o" }) { ... on ModelConfig { id } } }`,
          note: ({ id }) => told.configs.push(id),
        };
      default:
        return {
          query: `mutation { result: recordModelUsage(input: { ${input}, records: [{ id: "${name}", modelKey: "gpt-4o", promptTokens: 1, completionTokens: 1 }] }) { ... on RecordModelUsagePayload { recorded } } }`,
          note: () => told.usages.push(name),
        };
    }
  };
  const work = async (client: number) => {
    for (let round = 0; isOn; round++) {
      const { query, note } = change(client, round);
      const { data, errors = [] } = await ask(query);
      for (const { extensions } of errors) told.codes.add(extensions.code);
      if (errors.length > 0) continue;
      note(data?.result as Result);
      counts[client] = (counts[client] ?? 0) + 1;
    }
  };
  const working = Promise.all(counts.map((_, client) => work(client)));

  return {
    /** Resolves when each client has been acknowledged a change since this was called. */
    progresses: async () => {
      const before = [...counts];
      while (!counts.every((count, client) => count > (before[client] ?? 0))) await Promise.race([sleep(20), working]);
    },
    /** What was acknowledged so far. */
    told: (): Told => ({ ...told, changes: [...told.changes], configs: [...told.configs], usages: [...told.usages] }),
    stop: async () => {
      isOn = false;
      await working;
      return told;
    },
  };
}
