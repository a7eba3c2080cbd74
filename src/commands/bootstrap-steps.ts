import type { Owned } from '../domain/organizations/bootstrap.ts';
import type { Environment } from '../environment/environment.ts';

/** What a new owner does next, as text with commands that can be pasted. `owner` is as the operator named it. */
export function nextSteps(
  { organizationId, userId, invitationId, link }: Owned & { link: string | null },
  { issuer, owner }: { issuer: string; owner: string },
  { host, port }: Pick<Environment, 'host' | 'port'>,
): string {
  const url = `http://${host === '0.0.0.0' ? 'localhost' : host}:${port}/graphql`;
  const ask = (variable: string, query: string) =>
    `   curl -sS -w '\\n' ${url} -H "authorization: Bearer $${variable}" -H 'content-type: application/graphql' --data '${query}'`;
  const refusal = '... on ModelgateError { code message }';
  const accept = `mutation { acceptInvitation(input: { organizationId: "${organizationId}", invitationId: "${invitationId}" }) { ... on Membership { role } ${refusal} } }`;
  const createKey = `mutation { createApiKey(input: { organizationId: "${organizationId}", name: "Gateway", scopes: [READ, USAGE_WRITE] }) { ... on CreateApiKeyPayload { secret apiKey { id } } ${refusal} } }`;
  const decide = `{ modelAccess(organizationId: "${organizationId}", modelKey: "gpt-4o-mini") { allowed reasons } }`;
  const signIn = [
    `Sign in at ${issuer} as ${owner}, and take the access token, which need not name an organization:`,
    '   export TOKEN=…   # the token',
    ask('TOKEN', '{ caller { user { id } memberships { organizationId role } } }'),
  ];
  const steps = [
    signIn,
    ...(invitationId === null
      ? []
      : [
          [
            'Accept the invitation, within 14 days, with a token that has the address verified:',
            ...(link === null ? [] : [`   ${link}   # on the page of INVITATION_URL, or:`]),
            ask('TOKEN', accept),
          ],
        ]),
    ['Make an API key for your gateway. Its secret is shown this once:', ask('TOKEN', createKey)],
    ['Ask for a decision with it:', '   export API_KEY=…   # the secret (mgk_…)', ask('API_KEY', decide)],
  ];
  const numbered = steps.map(([title, ...lines], index) => `${index + 1}. ${title}\n\n${lines.join('\n')}\n`);
  const operator = userId === null ? 'OPERATORS=<the id of the user, which step 1 tells>' : `OPERATORS=${userId}`;
  return `Next:\n\n${numbered.join('\n')}\nWho may create further organizations: ORGANIZATION_CREATION. To let this user: ${operator}\n`;
}
