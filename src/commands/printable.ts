import { z } from 'zod';

/** A text of the service or of a file in one line, without characters that a terminal would obey, or that reorder it. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** A text of an answer that is printed. */
export const Printable = z.string().transform(printable);
