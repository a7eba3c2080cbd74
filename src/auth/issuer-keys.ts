import type { JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import { ServiceUnavailableError } from '../errors/base.ts';
import { fetchKeySet } from './fetch-key-set.ts';

/** The state of the keys of an issuer that cannot be reached: cached keys are accepted until then, or there are none. */
export type KeysStatus = { keys: 'stale'; since: string; until: string } | { keys: 'missing'; since: string };

/** The public keys of an issuer, cached and refreshed. */
export interface IssuerKeys {
  /** @throws ServiceUnavailableError where no keys are cached that are still accepted */
  keys: JWTVerifyGetKey;
  /** Fetches the keys again, unless the cooldown of the last fetch runs. True where it succeeded, and a retry may verify. */
  renew: () => Promise<boolean>;
  /** Null where the last fetch succeeded, or none has ended yet. */
  status: () => KeysStatus | null;
  close: () => void;
}

interface IssuerKeysOptions {
  url: string;
  log: Logger;
  /** The present time, in ms since the epoch. */
  clock?: () => number;
  /** Aborts a fetch that takes too long. */
  timeout?: () => AbortSignal;
}

/** The timeout of a fetch, to the last byte. */
const timeoutMs = 5_000;

const minutes = 60_000;

/** From this age on keys are refreshed in the background, while the cached ones are used. */
const refreshMs = 10 * minutes;

/** Where the last fetch is older than this, since no request came, keys are fetched before they are used. */
const idleMs = 20 * minutes;

/** How long cached keys are accepted while they cannot be refreshed. */
const believedMs = 24 * 60 * minutes;

/** The cooldown between the beginnings of two fetches, however the first one ended. */
const cooldownMs = 30_000;

/** The cooldown where there are no keys, so that no token can be verified. */
const cooldownWithoutKeysMs = 5_000;

/** Begins the first fetch at once. There is one fetch at a time, which concurrent requests share. */
export function createIssuerKeys({
  url,
  log,
  clock = Date.now,
  timeout = () => AbortSignal.timeout(timeoutMs),
}: IssuerKeysOptions): IssuerKeys {
  const closing = new AbortController();
  let last: { keys: JWTVerifyGetKey; fetchedAt: number } | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: { since: number; error: unknown } | undefined;
  let pending: Promise<void> | undefined;
  let told: KeysStatus['keys'] | null = null;

  const believed = () => (last && clock() - last.fetchedAt < believedMs ? last : undefined);
  const status = (): KeysStatus | null => {
    if (!failure) return null;
    const since = new Date(failure.since).toISOString();
    const good = believed();
    return good
      ? { keys: 'stale', since, until: new Date(good.fetchedAt + believedMs).toISOString() }
      : { keys: 'missing', since };
  };
  /** Logs a change of the status, once. */
  const tell = () => {
    const now = status();
    if ((now?.keys ?? null) === told) return;
    told = now?.keys ?? null;
    if (now === null) log.info("the issuer's keys could be fetched again");
    else log.warn({ ...now, reason: String(failure?.error) }, "the issuer's keys cannot be fetched");
  };

  const tryToFetch = async () => {
    triedAt = clock();
    try {
      const signal = AbortSignal.any([closing.signal, timeout()]);
      last = { keys: await fetchKeySet(url, signal), fetchedAt: triedAt };
      failure = undefined;
    } catch (error) {
      if (closing.signal.aborted) return;
      failure = { since: failure?.since ?? triedAt, error };
    }
    tell();
  };
  const fetchAgain = () => {
    pending ??= tryToFetch().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  /** The pending or a new fetch; undefined during the cooldown. */
  const mayFetch = () => {
    const isCool = clock() - triedAt >= (believed() ? cooldownMs : cooldownWithoutKeysMs);
    return pending || isCool ? fetchAgain() : undefined;
  };

  void fetchAgain();
  return {
    keys: async (header, token) => {
      const good = believed();
      if (!good || clock() - triedAt >= idleMs) await mayFetch();
      else if (failure || clock() - good.fetchedAt >= refreshMs) void mayFetch();

      const { keys } = believed() ?? {};
      if (keys) return keys(header, token);
      tell();
      throw new ServiceUnavailableError(failure?.error);
    },
    renew: async () => {
      const fetching = mayFetch();
      await fetching;
      return fetching !== undefined && !failure;
    },
    status,
    close: () => closing.abort(),
  };
}
