import { afterAll } from 'vitest';
import { tokenOf } from '../kit/issuer.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import type { Service } from '../kit/service.ts';

/** Where a service is asked, until the tests of the file are over. */
export async function addressOf({ listener }: Pick<Service, 'listener'>): Promise<string> {
  const { url, close } = await listenOnLoopback(listener);
  afterAll(close);
  return `${url}/graphql`;
}

/** The headers of whoever asks. */
export async function headersOf(person: { id: string }): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await tokenOf(person)}` };
}
