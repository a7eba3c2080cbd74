import { count } from '../format.ts';
import type { Preview } from '../state/draft.ts';
import { words } from '../words.ts';

/** The dry run in a sentence: blocks 3 models, for 12 people, 4,310 uses last month. */
export function summaryOf({ changes, impact }: Pick<Preview, 'changes' | 'impact'>): string {
  if (changes.length === 0) return words.impact.nothing;
  const { newlyBlockedCount, newlyAllowedCount, newlyBlocked, recentUses, membersLeftWithoutModel, defaults } = impact;
  const members = Math.max(0, ...newlyBlocked.map((hit) => hit.members));
  const parts = [
    ...(newlyBlockedCount > 0 ? [words.impact.blocks(newlyBlockedCount, members)] : []),
    ...(newlyAllowedCount > 0 ? [words.impact.allows(newlyAllowedCount)] : []),
    ...(Number(recentUses) > 0 ? [words.impact.uses(count(recentUses))] : []),
    ...(membersLeftWithoutModel > 0 ? [words.impact.without(membersLeftWithoutModel)] : []),
    ...defaults.slice(0, 1).map((one) => words.impact.default(one.members, one.from?.displayName, one.to?.displayName)),
  ];
  return parts.length === 0 ? words.impact.noModel : parts.join(' ');
}
