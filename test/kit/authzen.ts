import { restOf } from './rest.ts';
import type { Service } from './service.ts';

interface Asking {
  as?: { id: string };
  token?: string;
  headers?: Record<string, string>;
}

/** What an entity is when it is a model, or a user. */
export const model = (id: string, properties?: object) => ({ type: 'model', id, ...(properties && { properties }) });
export const user = ({ id }: { id: string }, properties?: object) => ({
  type: 'user',
  id,
  ...(properties && { properties }),
});
export const use = { name: 'use' };

/** Asks the endpoints of AuthZEN: `post('evaluation', { subject, action, resource }, { token })`. */
export function authzenOf(service: Service) {
  const call = restOf(service);
  return (endpoint: string, body: unknown, { as, token, headers }: Asking = {}) =>
    call('POST', endpoint.startsWith('/') ? endpoint : `/access/v1/${endpoint}`, {
      as,
      body,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    });
}
