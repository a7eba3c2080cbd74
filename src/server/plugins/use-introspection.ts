import { GraphQLError } from 'graphql';
import { UnauthenticatedError, ValidationError } from '../../errors/base.ts';
import type { Introspection } from '../../limits.ts';
import type { ServerPlugin } from '../execute.ts';
import { placeOf } from '../request/client-error.ts';

/**
 * Allows introspection to those alone who may use it. It is checked at execution, when the caller is authenticated: validation
 * is cached for all callers. So "Did you mean" is removed from validation errors for all, unless everyone may use introspection.
 * A gateway that signs its calls may always read the schema for gateways (`_service`).
 */
export function useIntrospection(allowed: Introspection, { gatewaySigns }: { gatewaySigns: boolean }): ServerPlugin {
  if (allowed === 'everyone') return {};

  const fields = ['__schema', '__type', ...(gatewaySigns ? [] : ['_service'])];
  return {
    onOperation({ document, context }) {
      if (!document.selects(...fields)) return;
      if (allowed === 'nobody') throw new ValidationError([{ path: '', message: 'Introspection is switched off' }]);
      if (context.viewer.kind === 'ANONYMOUS') throw new UnauthenticatedError('Introspection is for signed-in callers');
    },
    onResultProcess({ result, setResult }) {
      if ('errors' in result && result.errors) setResult({ ...result, errors: result.errors.map(withoutSuggestion) });
    },
  };
}

/** An error without the names that graphql-js suggests. */
function withoutSuggestion(error: GraphQLError): GraphQLError {
  const end = error.message.endsWith('?') ? error.message.lastIndexOf(' Did you mean ') : -1;
  if (end < 0) return error;
  const message = error.message.slice(0, end);
  const { originalError = null, extensions } = error;
  return new GraphQLError(message, { ...placeOf(error), originalError, extensions });
}
