import type { Header, Trailer } from '../database/backup/format.ts';

/** What a backup holds, in sentences, of which the first begins with what was done with it. */
export function describeBackup(
  { createdAt, rows, migrations, masterKeys }: Header & Trailer,
  beginning = 'The backup holds',
): string[] {
  const sum = Object.values(rows).reduce((total, count) => total + count, 0);
  const counts = ['Organization', 'User', 'Revision', 'UsageRecord'].map((table) => `${table} ${rows[table] ?? 0}`);
  const sealed = Object.entries(masterKeys).map(([id, counted]) => `"${id}" (${whatIsSealed(counted)})`);
  return [
    `${beginning} ${sum} rows in ${Object.keys(rows).length} tables as of ${createdAt}: ${counts.join(', ')}, …`,
    `Its newest migration is ${migrations.at(-1)?.name}.`,
    sealed.length === 0 ? 'It needs no master key.' : `Master keys that it needs: ${sealed.join(', ')}.`,
  ];
}

/** What does not open, since these master keys are not at hand; a sentence each. */
export function describeMissing({ masterKeys }: Pick<Header, 'masterKeys'>, known: ReadonlySet<string>): string[] {
  return Object.entries(masterKeys)
    .filter(([id]) => !known.has(id))
    .map(
      ([id, counted]) => `The master key "${id}" is missing. What does not open without it: ${whatIsSealed(counted)}.`,
    );
}

function whatIsSealed({ providerKeys, idempotentAnswers }: Header['masterKeys'][string]): string {
  const parts = [
    ...(providerKeys > 0 ? [`${providerKeys} provider key${providerKeys === 1 ? '' : 's'}`] : []),
    ...(idempotentAnswers > 0
      ? [`${idempotentAnswers} answer${idempotentAnswers === 1 ? '' : 's'} of Idempotency-Keys`]
      : []),
  ];
  return parts.join(' and ');
}
