import type { ExecutionResult } from 'graphql';
import { JsonText } from '../../domain/input/json-text.ts';
import { AnswerTooLargeError } from '../../errors/base.ts';
import { toClientError } from '../request/client-error.ts';

/** Characters that JSON escapes. */
const escaped = /["\\\p{Cc}\p{Cs}]/u;

/**
 * The size of a value as JSON, in bytes, without serializing it. Stops counting beyond `max`: a result above it says only that
 * the value is longer.
 */
export function jsonSize(value: unknown, max: number): number {
  let size = 0;
  const add = (part: unknown): void => {
    if (size > max) return;
    if (typeof part === 'string') size += textSize(part);
    else if (part instanceof Date) size += 26;
    else if (part instanceof JsonText) size += Buffer.byteLength(part.text);
    else if (Array.isArray(part)) {
      size += 2 + part.length;
      for (const entry of part) add(entry);
    } else if (typeof part === 'object' && part !== null) {
      size += 2;
      for (const name in part) {
        size += textSize(name) + 2;
        add((part as Record<string, unknown>)[name]);
      }
    } else size += String(part).length;
  };
  add(value);
  return size;
}

function textSize(text: string): number {
  return escaped.test(text) ? Buffer.byteLength(JSON.stringify(text)) : Buffer.byteLength(text) + 2;
}

/** The result that replaces one of more than `maxBytes`. */
export function tooLargeAnswer(maxBytes: number): ExecutionResult {
  return { errors: [toClientError(new AnswerTooLargeError(maxBytes))] };
}
