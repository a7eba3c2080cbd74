import { createReadStream } from 'node:fs';
import type { ExportMisfit, VerifiedExport } from '../domain/ledger/verify-export.ts';
import { codeOf } from '../errors/error-code.ts';
import { UsageError } from './command.ts';
import { printable } from './printable.ts';

/** The longest line, in characters: an entry is shorter. Nothing longer is held in memory. */
const longestLine = 64 * 2 ** 20;

/** The lines of a file, or of the standard input ("-"), without their ends. @throws UsageError */
export async function* readLines(file: string): AsyncGenerator<string> {
  const source = file === '-' ? process.stdin : createReadStream(file);
  let rest = '';
  try {
    for await (const chunk of source.setEncoding('utf8')) {
      // Not by `readline`, for which a line ends at U+2028 too, as a text in it may have it.
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (rest.length > longestLine) throw new UsageError(`${file} has a line that is too long.`);
    }
  } catch (error) {
    throw codeOf(error) ? new UsageError(`${file} cannot be read (${codeOf(error)}).`) : error;
  }
  // Not whole.
  if (rest !== '') yield rest;
}

const faults: Record<ExportMisfit['fault'], string> = {
  CHANGED: 'does not fit: its entry or its hash was changed',
  MISSING: 'does not follow: an entry before it is missing',
  UNCHAINED: 'does not follow: its hash before is not that of the entry before',
  MALFORMED: 'is no line of an export, or not whole',
  FOREIGN: 'is of another organization',
};

/** What was found in an export, a line each. */
export function describeExport({ organizationId, from, to, entries, hidden, misfit }: VerifiedExport): string[] {
  const found = misfit ? [`Line ${misfit.line} ${faults[misfit.fault]}.`] : [];
  const which = organizationId === null ? '' : `, ${from} to ${to}, of ${organizationId}`;
  const byPlace = hidden === 0 ? '' : `; ${hidden} of them by their place alone, since their content is hidden`;
  return [...found, `Verified ${entries} entries${which}${byPlace}${misfit ? '.' : ': everything fits.'}`].map(
    printable,
  );
}
