import { printable } from '../printable.ts';
import type { Plan } from './plan.ts';

const numbers = new Intl.NumberFormat('en-US');
const count = (number: number, one: string, many = `${one}s`) =>
  `${numbers.format(number)} ${number === 1 ? one : many}`;

type Impact = Plan['preview']['impact'];
type Model = { provider: string; modelId: string };
const keyOf = ({ provider, modelId }: Model) => `${provider}/${modelId}`;

/** A plan as a person reads it. */
export function showPlan({ organizationId, preview }: Plan): string {
  const { changes, impact, selectorWarnings, revision } = preview;
  const warnings = selectorWarnings.map(({ message }) => `  Warning: ${message}`);
  if (changes.length === 0) return [`${organizationId}: nothing to do.`, ...warnings].map(printable).join('\n');
  const entries = changes.flatMap(({ field, added, removed }) => [
    `  ${field}`,
    ...removed.map((entry) => `    - ${entry}`),
    ...added.map((entry) => `    + ${entry}`),
  ]);
  return [`${organizationId}, at revision ${revision}, would change:`, ...entries, ...effectsOf(impact), ...warnings]
    .map(printable)
    .join('\n');
}

function effectsOf(impact: Impact): string[] {
  const { newlyBlocked, newlyBlockedCount, newlyAllowed, newlyAllowedCount, membersLeftWithoutModel } = impact;
  const lines = [
    ...blocked(impact),
    ...list(
      newlyAllowedCount,
      'newly allowed',
      newlyAllowed.map(({ model }) => keyOf(model)),
    ),
  ];
  lines.push(...configurations(impact), ...defaults(impact));
  if (membersLeftWithoutModel > 0) {
    lines.push(`  ${count(membersLeftWithoutModel, 'member is', 'members are')} left without any model.`);
  }
  const isQuiet = newlyBlocked.length + newlyBlockedCount + newlyAllowedCount + lines.length === 0;
  return isQuiet ? ['  No model is newly blocked or allowed.'] : lines;
}

function blocked({ newlyBlocked, newlyBlockedCount, recentUses, recentCost }: Impact): string[] {
  const cost = recentCost === null ? '' : `, $${recentCost}`;
  const used = recentUses === 0 ? '' : ` (${count(recentUses, 'use')} in the last 30 days${cost})`;
  const names = newlyBlocked.map(({ model, recentUses: uses, recentUsers: users }) => {
    const by = users === 0 ? '' : ` by ${count(users, 'user')}`;
    return `${keyOf(model)}${uses === 0 ? '' : `: ${count(uses, 'use')}${by}`}`;
  });
  return list(newlyBlockedCount, `newly blocked${used}`, names);
}

function list(total: number, what: string, names: readonly string[]): string[] {
  if (total === 0) return [];
  const more = total - names.length;
  return [
    `  ${count(total, 'model is', 'models are')} ${what}:`,
    ...names.map((name) => `    ${name}`),
    ...(more > 0 ? [`    and ${numbers.format(more)} more`] : []),
  ];
}

function configurations({ modelConfigs, modelConfigCount, hiddenModelConfigCount }: Impact): string[] {
  const total = modelConfigCount + hiddenModelConfigCount;
  if (total === 0) return [];
  const sentence = `  ${count(total, 'configuration stops', 'configurations stop')} working`;
  if (modelConfigs.length === 0) return [`${sentence}, which the caller may not see.`];
  const more = total - modelConfigs.length;
  return [
    `${sentence}:`,
    ...modelConfigs.map((config) => `    "${config.displayName}" (${config.id}, ${keyOf(config)})`),
    ...(more > 0 ? [`    and ${numbers.format(more)} more`] : []),
  ];
}

function defaults({ defaults: changed }: Impact): string[] {
  return changed.map(({ members, from, to }) => {
    const [before, after] = [from, to].map((model) => (model === null ? 'none' : keyOf(model)));
    return `  The default model of ${count(members, 'member')} changes from ${before} to ${after}.`;
  });
}
