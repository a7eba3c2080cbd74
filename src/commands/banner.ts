import { demoPeople } from '../database/demo-world.ts';

/** What someone who has just started the embedded mode wants to know. */
export function banner(url: string): string {
  const names = demoPeople.map(
    ({ persona, name, role, organization }) =>
      `  ${persona.padEnd(9)} ${name}, ${role} of ${organization.name} (${organization.id})`,
  );
  const organizationId = demoPeople[0]?.organization.id;
  const body = JSON.stringify({
    query: `{ organizationModelSettings(organizationId: "${organizationId}") { disabledProviders disabledModels defaultModelKey revision } }`,
  });
  return `
Modelgate is ready: ${url}/graphql (open it in a browser for GraphiQL)

The demo world:
${names.join('\n')}

A token for one of them:  npm run -s token -- admin

Try it:
  curl -s ${url}/graphql -H 'content-type: application/json' \\
    -H "authorization: Bearer $(npm run -s token -- admin)" \\
    -d '${body}'

Ctrl-C stops it.
`;
}
