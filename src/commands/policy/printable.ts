import { z } from 'zod';

/** A text of the service or of a file in one line, without characters that a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd');
}

/** A text of an answer that is printed. */
export const Printable = z.string().transform(printable);
