import { answers } from './answers.ts';
import { documents } from './documents.ts';
import type { Attack } from './request.ts';
import { changes, readingRoutes } from './rest.ts';
import { transport } from './transport.ts';
import { values } from './values.ts';

/** All attacks; those that change something are the last. */
export async function attacksOn(port: number): Promise<Attack[]> {
  return [...documents, ...values, ...answers, ...transport, ...(await readingRoutes(port)), ...changes];
}
