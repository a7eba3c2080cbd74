import type { Context } from 'hono';
import { type Database, withSignal } from '../database/pool/client.ts';
import type { Signal } from '../database/pool/signal.ts';
import type { DirectoryChange } from '../domain/directory/directory-change.ts';
import { findScimTokenBySecret, type ScimToken } from '../domain/directory/scim-token.ts';
import { reauthorizeScimToken } from '../domain/ledger/reauthorize.ts';
import { RateLimitedError, UnauthenticatedError } from '../errors/base.ts';
import { ScimError } from '../errors/scim.ts';
import { mediaType } from './messages.ts';
import type { ScimOptions } from './options.ts';

/** What each request brings along. */
export interface ScimTypes {
  Bindings: { options: ScimOptions; serverContext: object; signal: Signal };
  Variables: { call: Call };
}
export type ScimContext = Context<ScimTypes>;

/** A request of a directory. */
export class Call {
  readonly token: ScimToken;
  readonly db: Database;
  readonly #request: Request;
  readonly #options: ScimOptions;

  constructor(token: ScimToken, db: Database, request: Request, options: ScimOptions) {
    this.token = token;
    this.db = db;
    this.#request = request;
    this.#options = options;
  }

  get limits() {
    return this.#options.limits;
  }

  /** @throws RateLimitedError */
  async spend(points: number): Promise<void> {
    await this.#options.spend(this.#request, this.token.id, points);
  }

  /** As `spend`, for what is done already: only the next request is refused. */
  async charge(points: number): Promise<void> {
    try {
      await this.spend(points);
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
    }
  }

  /**
   * Makes a change, and waits until no process answers from a cache that is older.
   * @throws RateLimitedError, and whatever `work` throws
   */
  async change<Result>(
    points: number,
    work: (db: Database, change: DirectoryChange) => Promise<Result>,
  ): Promise<Result> {
    await this.spend(points);
    const { tags, limits, issuers, clock } = this.#options;
    const { token } = this;
    const changed = new Set<string>();
    const change: DirectoryChange = {
      token,
      limits,
      keepsIds: issuers.some(({ issuer, keepsIds = false }) => keepsIds && issuer === token.issuer),
      now: clock(),
      expectedVersion: versionOf(this.#request.headers.get('if-match')),
      actor: {
        userId: null,
        apiKeyId: null,
        scimTokenId: token.id,
        reauthorize: (tx) => reauthorizeScimToken(tx, token.id),
        roleIn: () => null,
        invalidate: (organizationId, subjectId) => {
          changed.add(organizationId);
          if (subjectId !== null) changed.add(subjectId);
        },
      },
    };
    try {
      return await work(this.db, change);
    } finally {
      for (const id of changed) tags.invalidate(id);
      if (changed.size > 0) await tags.awaitPeers(this.db.signal);
    }
  }

  /** The JSON of the body. @throws ScimError, GraphQLError with its status */
  async body(): Promise<unknown> {
    const { checkBody, parseJson } = this.#options;
    checkBody(this.#request);
    const [type = ''] = (this.#request.headers.get('content-type') ?? '').split(';');
    if (![mediaType, 'application/json'].includes(type.trim().toLowerCase())) {
      throw new ScimError(undefined, `The body must be ${mediaType}`, 415);
    }
    try {
      return parseJson(await this.#request.text());
    } catch {
      // What the parser says quotes the text, which is personal.
      throw new ScimError('invalidSyntax', 'The body is no JSON, or has a name twice');
    }
  }
}

/** Authenticates a request by its SCIM token: no other credential is accepted. @throws UnauthenticatedError */
export async function openCall({ req, env: { options, signal } }: ScimContext): Promise<Call> {
  const db = withSignal(options.db, signal);
  const [, secret = ''] = /^Bearer +(\S+)$/i.exec(req.header('authorization') ?? '') ?? [];
  const token = await findScimTokenBySecret(db, secret);
  if (!token) throw new UnauthenticatedError('A SCIM token is required, and this is none that is valid', 'SCIM_TOKEN');
  return new Call(token, db, req.raw, options);
}

/** The version that `If-Match` names; undefined where any will do. */
function versionOf(header: string | null): number | undefined {
  if (header === null || header.trim() === '*') return undefined;
  const [, version = '-1'] = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim()) ?? [];
  return Number(version);
}
