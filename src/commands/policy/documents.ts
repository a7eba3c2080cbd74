import { readFileSync, writeFileSync } from 'node:fs';
import { UsageError } from '../command.ts';

/** The text of a document. @throws UsageError where it cannot be read */
export function readDocument(file: string): string {
  try {
    // The standard input, which can be read once, is asked for one organization, or remembered by the caller.
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`${nameOf(file)} cannot be read${codeOf(error)}.`);
  }
}

/** Writes a document into its file, or prints it. @throws UsageError where it cannot be written */
export function writeDocument(file: string, text: string): void {
  if (file === '-') {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${nameOf(file)} cannot be written${codeOf(error)}.`);
  }
}

/** A file as messages name it. */
export function nameOf(file: string): string {
  return file === '-' ? 'the standard input' : file;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
}
