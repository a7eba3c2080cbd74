import type { Environment } from '../env.ts';

/** An organization and its owner, as they were made or found. */
export interface Owned {
  organizationId: string;
  name: string | null;
  userId: string;
}

/** What a new owner does next, as text with commands that can be pasted. */
export function nextSteps(
  { organizationId, userId }: Owned,
  { issuer, subject }: { issuer: string; subject: string },
  { host, port }: Pick<Environment, 'host' | 'port'>,
): string {
  const url = `http://${host === '0.0.0.0' ? 'localhost' : host}:${port}/graphql`;
  const createKey = `mutation { createApiKey(input: { organizationId: "${organizationId}", name: "Gateway", scopes: [READ, USAGE_WRITE] }) { ... on CreateApiKeyPayload { secret apiKey { id } } ... on ModelgateError { code message } } }`;
  const decide = `{ modelAccess(organizationId: "${organizationId}", modelKey: "gpt-4o-mini") { allowed reasons } }`;
  const ask = (variable: string, query: string) =>
    `curl -s ${url} -H "authorization: Bearer $${variable}" -H 'content-type: application/graphql' --data '${query}'`;
  return `Next:

1. Sign in at ${issuer} as ${subject}, and take the access token. It may name no organization, and gives access at once:

   export TOKEN=…   # the token
   ${ask('TOKEN', '{ caller { user { id } memberships { organizationId role } } }')}

2. Make an API key for your gateway. Its secret is shown this once:

   ${ask('TOKEN', createKey)}

3. Ask for a decision with it:

   export API_KEY=…   # the secret (mgk_…)
   ${ask('API_KEY', decide)}

Who may create further organizations: ORGANIZATION_CREATION. To let this user: OPERATORS=${userId}
`;
}
