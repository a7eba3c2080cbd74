import { demoPeople, demoWorld } from '../../database/migrate/demo-world.ts';

const organizationId = demoWorld.organizations[0]?.id;

const allowedModels = `query AllowedModels {
  models(
    organizationId: "${organizationId}"
    filter: { allowed: true }
    first: 20
  ) {
    totalCount
    nodes: edges {
      node { provider modelId displayName lifecycle costPer1kTokens }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`;

const modelAccess = `query MayIUseIt {
  modelAccess(
    organizationId: "${organizationId}"
    modelKey: "gpt-4o-mini"
  ) {
    allowed
    reasons
    revision
    model { id displayName retiresAt }
  }
}
`;

const tryChange = `mutation TryAsAdmin {
  updateModelSettings(
    input: {
      organizationId: "${organizationId}"
      disabledProviders: ["google"]
      dryRun: true
    }
  ) {
    ... on PolicyPreview {
      revision
      changes { field added removed }
      impact {
        newlyBlockedCount
        recentUses
        membersLeftWithoutModel
        modelConfigs { displayName }
        defaults { from { id } to { id } members }
        newlyBlocked(first: 5) {
          model { displayName }
          after
          recentUses
          recentUsers
        }
      }
    }
    ... on ModelgateError { code message }
  }
}
`;

const updateSettings = (name: string) => `mutation ${name} {
  updateModelSettings(
    input: {
      organizationId: "${organizationId}"
      disabledProviders: ["google", "mistral"]
      disabledModels: ["gpt-4o-mini"]
      defaultModelKey: "claude-sonnet-4-6"
    }
  ) {
    __typename
    ... on OrganizationModelSettings {
      disabledProviders
      disabledModels
      defaultModelKey
      revision
      updatedAt
      updatedBy { id name }
    }
    ... on ModelgateError { code message }
  }
}
`;

const history = `query History {
  organization(id: "${organizationId}") {
    name
    revision
    revisions(first: 10) {
      edges {
        node { number at action reason actor { name } changes { field added removed } }
      }
    }
  }
}
`;

const examples = [
  { persona: 'member', query: modelAccess },
  { persona: 'member', query: allowedModels },
  { persona: 'admin', query: tryChange },
  { persona: 'admin', query: updateSettings('SettingsAsAdmin') },
  { persona: 'member', query: updateSettings('RefusedAsMember') },
  { persona: 'outsider', query: modelAccess.replace('MayIUseIt', 'RefusedAsOutsider') },
  { persona: 'owner', query: history },
];

const personas = demoPeople.map(({ persona }) => persona);

const others = (persona: string) => personas.filter((other) => other !== persona).join('/');

/** GraphiQL's tabs in the demo world. Each names its persona by a header, which `personas.js` replaces by a token. */
export const demoTabs = examples.map(({ persona, query }) => ({
  query: `# As the ${persona} of the demo world.\n# Headers may name ${others(persona)} instead.\n${query}`,
  headers: JSON.stringify({ persona }, null, 2),
}));

const signedIn = `# Sign in, above. Or put a token
# under Headers, as "authorization".`;
const byToken = `# Paste a token, above. Or put one
# under Headers, as "authorization".`;

/** The query of GraphiQL elsewhere: any caller may send it. */
export const whoAmI = ({ signsIn }: { signsIn: boolean }) => `${signsIn ? signedIn : byToken}
query WhoAmI {
  caller {
    user { id name }
    memberships {
      organization { id name revision }
      role
      permissions
    }
  }
}
`;
