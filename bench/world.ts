import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import type { JSONWebKeySet, JWK } from 'jose';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/database/embedded/start.ts';
import { applyMigrations } from '../src/database/migrate/migrations.ts';
import { newMasterKey } from '../src/domain/vault/master-keys.ts';
import { listenOnLoopback } from '../test/kit/loopback.ts';
import { temporaryFolder } from '../test/kit/temporary-postgres.ts';
import { atEnd } from './ending.ts';
import { fillCallers, fillConfigs, fillOrganizations, issuer } from './fill.ts';
import { organizationsPerUser, userOf } from './processes/population.ts';
import { createSigner, type SigningKey, type Tokens } from './processes/tokens.ts';

/** What every contender answers from. */
export interface World {
  /** As the service connects: not the tables' owner. */
  databaseUrl: string;
  owner: pg.Client;
  /** Where what a service says may be written. */
  folder: string;
  /** The variables of a service that trusts the bench's issuer. */
  auth: Record<string, string>;
  /** A token for this user. */
  mint: (userId: string) => string;
  /** The public key of that issuer. */
  jwks: JSONWebKeySet;
  /** Organizations that there are. */
  size: number;
  tokens: Tokens;
}

/** A PostgreSQL of its own, with this many organizations, all with configurations; and an issuer of tokens. */
export async function createWorld(organizations: number): Promise<World> {
  const { folder, remove } = await temporaryFolder();
  atEnd(remove);
  const starting = startEmbeddedPostgres({ directory: join(folder, 'cluster'), log: () => {} });
  // Also where the bench ends before it has started.
  atEnd(async () => (await starting).stop());
  const postgres = await starting;
  await applyMigrations(postgres.ownerUrl, { serviceRole: new URL(postgres.url).username });

  const owner = new pg.Client({ connectionString: postgres.ownerUrl });
  await owner.connect();
  atEnd(() => owner.end());

  const { key, jwks } = createIssuer();
  const signToken = createSigner(key);
  const published = await listenOnLoopback((_request, response) => response.end(JSON.stringify(jwks)));
  atEnd(published.close);

  const world: World = {
    databaseUrl: postgres.url,
    owner,
    folder,
    auth: { AUTH_JWKS_URL: published.url, AUTH_ISSUER: key.issuer, MASTER_KEYS: newMasterKey('bench') },
    mint: (userId) => signToken(userId, userId),
    jwks,
    size: 0,
    tokens: { of: 'a thousand each', texts: [], key },
  };
  await growWorld(world, organizations);
  await fillCallers(owner, organizations);
  await fillConfigs(owner, { from: 0, to: organizations });
  return world;
}

function createIssuer(): { key: SigningKey; jwks: JSONWebKeySet } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const [jwk, publicJwk] = [privateKey, publicKey].map((key) => key.export({ format: 'jwk' })) as [JWK, JWK];
  const kid = 'bench';
  return { key: { issuer, kid, jwk }, jwks: { keys: [{ ...publicJwk, kid, alg: 'EdDSA', use: 'sig' }] } };
}

/** Adds organizations, with settings and provider keys but without configurations, until there are so many. */
export async function growWorld(world: World, organizations: number): Promise<void> {
  await fillOrganizations(world.owner, { from: world.size, to: organizations });
  world.size = organizations;
  const texts = [...world.tokens.texts];
  for (let user = texts.length; user * organizationsPerUser < organizations; user += 1) {
    texts.push(world.mint(userOf(user * organizationsPerUser)));
  }
  world.tokens = { ...world.tokens, texts };
}
