import { createLocalJWKSet } from 'jose';
import { verifyToken } from '../../src/auth/token.ts';
import { createSigner } from '../processes/tokens.ts';
import { type Measurements, rowOf } from '../rounds.ts';
import { cpuOf } from '../table.ts';
import type { Verdict } from '../verdict.ts';
import type { World } from '../world.ts';

const tokensOfABatch = 32;

/** What it costs to verify a token that was never seen, as the service does it but without the service: what of a first answer is the signature's. */
export async function measureSignature(world: World, measurements: Measurements): Promise<Verdict[]> {
  const { key, jwks } = { key: world.tokens.key, jwks: createLocalJWKSet(world.jwks) };
  const sign = createSigner(key);
  let serial = 0;
  const verify = async (batches: number) => {
    let cpu = 0;
    for (let batch = 0; batch < batches; batch += 1) {
      const tokens = Array.from({ length: tokensOfABatch }, () => sign('usr_caller_0', `signature-${serial++}`));
      const before = process.cpuUsage();
      await Promise.all(tokens.map((token) => verifyToken([{ issuer: key.issuer, keys: jwks }], token)));
      const { user, system } = process.cpuUsage(before);
      cpu += user + system;
    }
    return cpu / (batches * tokensOfABatch);
  };
  await verify(50);
  const cpu = await verify(100);

  const shares = (['settings', 'configs'] as const).flatMap((scenario) => {
    const whole = cpuOf(measurements, scenario, rowOf('modelgate', 'first'));
    return Number.isNaN(whole) ? [] : [`${Math.round((100 * cpu) / whole)} % of first \`${scenario}\``];
  });
  const share = shares.length > 0 ? ` (${shares.join(', ')})` : '';
  return [{ title: 'CPU of verifying a token', value: `${Math.round(cpu)} µs${share}` }];
}
