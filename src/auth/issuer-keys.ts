import type { JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import { ServiceUnavailableError } from '../errors/base.ts';
import { fetchKeySet } from './fetch-key-set.ts';

/** What is wrong with the keys of an issuer that is away: the last good ones are believed until then, or there are none. */
export type KeysStatus = { keys: 'stale'; since: string; until: string } | { keys: 'missing'; since: string };

/** The public keys of an issuer, as they are now. */
export interface IssuerKeys {
  /** @throws ServiceUnavailableError where there are none that can be believed */
  keys: JWTVerifyGetKey;
  /** Fetches the keys again, unless that was tried a moment ago; whether it did: what was not known may be known now. */
  renew: () => Promise<boolean>;
  /** Null where nothing is wrong. */
  status: () => KeysStatus | null;
  close: () => void;
}

interface IssuerKeysOptions {
  url: string;
  log: Logger;
  /** The time in ms since the epoch. */
  clock?: () => number;
  /** Aborted when an answer has taken too long. */
  timeout?: () => AbortSignal;
}

/** How long the issuer may take to answer, to the last byte. */
const timeoutMs = 5_000;

const minutes = 60_000;

/** From this age on keys are fetched again, while they are used. */
const refreshMs = 10 * minutes;

/** Where nothing was tried for so long, as nobody asked, keys are fetched again before they are used. */
const idleMs = 20 * minutes;

/** How long keys are believed that cannot be fetched again. */
const believedMs = 24 * 60 * minutes;

/** How long after one fetch the next may begin, however it ended. */
const cooldownMs = 30_000;

/** The same where there are no keys, so that nobody can sign in. */
const cooldownWithoutKeysMs = 5_000;

/** The first fetch begins at once. There is one at a time, which all wait for who need it. */
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
  /** Once when it changes, not with each request. */
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
  /** Undefined where it was tried a moment ago. */
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
