import { maxIdLength } from '../limits.ts';

/** The node types, by the prefix of their ids. Clerk's users are `user_…`. */
const typenames: Readonly<Record<string, string>> = {
  org: 'Organization',
  oms: 'OrganizationModelSettings',
  usr: 'User',
  user: 'User',
  mdl: 'Model',
  cfg: 'ModelConfig',
  key: 'ProviderKey',
  api: 'ApiKey',
  rev: 'Revision',
  inv: 'Invitation',
  team: 'Team',
  exc: 'ModelException',
};

/** The id of an object is also its node id. Its prefix determines the type, which is '' for an unknown prefix. */
export function decodeId(id: string): { typename: string; id: string } {
  if (id.length > maxIdLength || !/^[!-~]+$/.test(id)) return { typename: '', id };
  const prefix = id.slice(0, Math.max(0, id.indexOf('_')));
  return { typename: Object.hasOwn(typenames, prefix) ? (typenames[prefix] ?? '') : '', id };
}
