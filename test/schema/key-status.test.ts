import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { startService } from '../kit/service.ts';

const { ask, aWorld, db, tags } = await startService({ platformProviders: new Set(['openai']) });

const KeyStatuses = graphql(`
  query KeyStatuses($organizationId: ID!) {
    nodes(ids: ["mdl_openai/gpt-4o", "mdl_anthropic/claude-sonnet-4-6"]) {
      ... on Model {
        keyStatus(organizationId: $organizationId)
      }
    }
  }
`);

describe('keyStatus', () => {
  it('is CUSTOM with an active key of its own, else PLATFORM where the operator has one, else NEEDS_SETUP', async () => {
    const [{ organization, member }, other] = [await aWorld(), await aWorld()];
    const statuses = async () => {
      const { data } = await ask(KeyStatuses, { organizationId: organization.id }, { as: member });
      return data?.nodes.map((node) => (node && 'keyStatus' in node ? node.keyStatus : null));
    };
    expect(await statuses()).toEqual(['PLATFORM', 'NEEDS_SETUP']);

    const addKeys = async (organizationId: string) => {
      for (const provider of ['openai', 'anthropic']) {
        const key = { name: 'x', sealed: Buffer.from('x'), masterKeyId: 'x', last4: 'abcd', updatedAt: new Date() };
        await db.providerKey.create({
          data: { ...key, id: `key_${organizationId}${provider}`, organizationId, provider, createdAt: new Date() },
        });
      }
      tags.invalidate(organization.id);
    };
    await addKeys(other.organization.id);
    expect(await statuses()).toEqual(['PLATFORM', 'NEEDS_SETUP']);

    await addKeys(organization.id);
    expect(await statuses()).toEqual(['CUSTOM', 'CUSTOM']);

    await db.providerKey.updateMany({ where: { organizationId: organization.id }, data: { isActive: false } });
    tags.invalidate(organization.id);
    expect(await statuses()).toEqual(['PLATFORM', 'NEEDS_SETUP']);
  });
});
