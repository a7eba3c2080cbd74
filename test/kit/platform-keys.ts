import type { PrismaDatabase } from '../../src/database/pool/client.ts';
import type { PlatformKeyScope } from '../../src/domain/keys/platform-key.ts';
import { createPlatformKey } from '../../src/domain/keys/platform-key-change.ts';
import { today } from './service.ts';

/** A platform key as the command makes it, and what a request sends that acts by it in an organization. */
export async function aPlatformKey(
  db: PrismaDatabase,
  scopes: readonly PlatformKeyScope[],
  expiresAt: Date | null = null,
) {
  const { platformKey, secret: token } = await createPlatformKey(db, { name: 'Gateway', scopes, expiresAt }, today);
  const inOrganization = ({ id }: { id: string }) => ({ token, headers: { 'x-organization-id': id } });
  return { ...platformKey, token, inOrganization };
}
