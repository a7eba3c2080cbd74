import { randomUUID } from 'node:crypto';
import type { Call } from '../call.ts';

/** The id of an answer. The log line of the request has it too. */
export function newEvaluationId(call: Call): string {
  const id = `evl_${randomUUID().replaceAll('-', '')}`;
  call.onEvaluation(id);
  return id;
}
