import type { JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import { ServiceUnavailableError } from '../errors/base.ts';
import { fetchKeySet } from './fetch-key-set.ts';

/**
 * The status of the keys of an issuer that cannot be reached. `stale`: cached keys are accepted until then. `missing`: there
 * are none.
 */
export type KeysStatus = { keys: 'stale'; since: string; until: string } | { keys: 'missing'; since: string };

/** The public keys of an issuer, cached and refreshed. */
export interface IssuerKeys {
  /** @throws ServiceUnavailableError where no cached keys are accepted any more */
  keys: JWTVerifyGetKey;
  /**
   * Fetches the keys again, unless the cooldown of the last fetch is running. True where it succeeded, so that a retry may
   * verify.
   */
  renew: () => Promise<boolean>;
  /** Null where the last fetch succeeded, or the first one is still pending. */
  status: () => KeysStatus | null;
  close: () => void;
}

interface IssuerKeysOptions {
  /** Where the keys are, or how that is found out; asked before each fetch. */
  url: string | ((signal: AbortSignal) => Promise<string>);
  log: Logger;
  /** The current time, in ms since the epoch. */
  clock?: () => number;
  /** Aborts a fetch that takes too long. */
  timeout?: () => AbortSignal;
}

/** The timeout of a fetch, up to the last byte. */
const timeoutMs = 5_000;

const minutes = 60_000;

/** From this age on keys are refreshed in the background; until then the cached ones are used. */
const refreshMs = 10 * minutes;

/** Where the last fetch is older than this, since no request came, the keys are fetched before the next use. */
const idleMs = 20 * minutes;

/** How long cached keys are accepted while they cannot be refreshed. */
const maxStaleMs = 24 * 60 * minutes;

/** The cooldown between the starts of two fetches, whether or not the first one succeeded. */
const cooldownMs = 30_000;

/** The cooldown where there are no keys, so that no token can be verified. */
const cooldownWithoutKeysMs = 5_000;

/** Starts the first fetch at once. Concurrent requests share one fetch. */
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
  let loggedStatus: KeysStatus['keys'] | null = null;

  const acceptedKeys = () => (last && clock() - last.fetchedAt < maxStaleMs ? last : undefined);
  const status = (): KeysStatus | null => {
    if (!failure) return null;
    const since = new Date(failure.since).toISOString();
    const accepted = acceptedKeys();
    return accepted
      ? { keys: 'stale', since, until: new Date(accepted.fetchedAt + maxStaleMs).toISOString() }
      : { keys: 'missing', since };
  };
  /** Logs each change of the status once. */
  const logStatusChange = () => {
    const now = status();
    if ((now?.keys ?? null) === loggedStatus) return;
    loggedStatus = now?.keys ?? null;
    if (now === null) log.info("the issuer's keys could be fetched again");
    else log.warn({ ...now, reason: String(failure?.error) }, "the issuer's keys cannot be fetched");
  };

  const tryToFetch = async () => {
    triedAt = clock();
    try {
      const signal = AbortSignal.any([closing.signal, timeout()]);
      const found = typeof url === 'string' ? url : await url(signal);
      last = { keys: await fetchKeySet(found, signal), fetchedAt: triedAt };
      failure = undefined;
    } catch (error) {
      if (closing.signal.aborted) return;
      failure = { since: failure?.since ?? triedAt, error };
    }
    logStatusChange();
  };
  const fetchAgain = () => {
    pending ??= tryToFetch().finally(() => {
      pending = undefined;
    });
    return pending;
  };
  /** The pending or a new fetch; undefined during the cooldown. */
  const mayFetch = () => {
    const isCool = clock() - triedAt >= (acceptedKeys() ? cooldownMs : cooldownWithoutKeysMs);
    return pending || isCool ? fetchAgain() : undefined;
  };

  void fetchAgain();
  return {
    keys: async (header, token) => {
      const accepted = acceptedKeys();
      if (!accepted || clock() - triedAt >= idleMs) await mayFetch();
      else if (failure || clock() - accepted.fetchedAt >= refreshMs) void mayFetch();

      const { keys } = acceptedKeys() ?? {};
      if (keys) return keys(header, token);
      logStatusChange();
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
