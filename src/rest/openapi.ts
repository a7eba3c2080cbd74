import type { Limits } from '../limits.ts';
import { defineHeaders } from './headers.ts';
import { defineRefusals } from './operation.ts';
import type { System } from './route.ts';
import { limited } from './schemas.ts';
import type { RestApp } from './wire.ts';

/** By the registry of SPDX. */
const license = { name: 'MIT', identifier: 'MIT' };

const description = `Which AI models an organization may use: its settings, its model configurations and its keys at providers.

- These routes speak the formats of two earlier systems, on the same rules, history and permissions as the GraphQL API at \`/graphql\`.
- **Authentication:** a token of the identity provider, an API key of Modelgate (\`mgk_…\`) or a platform key (\`mgp_…\`), as \`Authorization: Bearer\`.
- **Organization:** a path that names none acts in the organization of the token or the API key, or in the only one of the caller, or in that of \`X-Organization-Id\`, which a platform key always needs there.
- **Examples** of this document that would change something are placeholders, which are refused until they are replaced.
- **Retries:** a change with an \`Idempotency-Key\` has its effect once. 429 and 503 say in \`Retry-After\` when to try again.
- **Compatibility:** fields and error codes may be added; none is renamed or taken away. Unknown fields of a request are refused.

Not described here: SCIM, which describes itself (\`/scim/v2/ServiceProviderConfig\`, \`/Schemas\`, \`/ResourceTypes\`), the JSON Schema of a policy's document, \`/v1/policy.schema.json\`, the catalog that snapshots are decided by, \`/catalog/{version}\`, and the routes of operators, \`/health\`, \`/ready\` and \`/.well-known/jwks.json\`, which are no part of a client.`;

/** Adds to the document what no route has: how requests are authenticated, and the answers that routes share. */
export function defineComponents(app: RestApp, systems: readonly System[]): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'A token of the identity provider. An API key (`mgk_…`) or a platform key (`mgp_…`) may be sent so too.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'An API key (`mgk_…`) or a platform key (`mgp_…`). Ignored where there is an `Authorization`.',
  });
  defineHeaders(app);
  for (const system of systems) defineRefusals(app, system);
}

/** The document of all routes, as JSON, with the limits of this service. It takes some 50 ms. */
export function documentOf(app: RestApp, systems: readonly System[], limits: Limits): string {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Modelgate', version: '1', description, license },
    servers: [{ url: '/', description: 'The service that answered this document.' }],
    tags: systems.map(({ tag, description }) => ({ name: tag, description })),
  });
  return JSON.stringify(document, limited(limits));
}
