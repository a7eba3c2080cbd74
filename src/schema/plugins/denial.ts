import type { AuthFailure } from '@pothos/plugin-scope-auth';
import { NotFoundError } from '../../errors/base.ts';

/** The error that a failed scope threw. A scope that answered false gets the same error as an absent object. */
export function toDenial(failure: AuthFailure): Error {
  return errorIn(failure) ?? new NotFoundError();
}

function errorIn(failure: AuthFailure): Error | undefined {
  if ('failures' in failure) {
    for (const inner of failure.failures) {
      const error = errorIn(inner);
      if (error) return error;
    }
  }
  return 'error' in failure ? (failure.error ?? undefined) : undefined;
}
