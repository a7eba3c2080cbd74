import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { sendCancelRequest } from './cancel-request.ts';
import { type ConnectionConfig, DatabaseClient } from './connection.ts';

const current = new AsyncLocalStorage<Cancellation>();

/** Pieces of work under way. While there is none the storage is off: on Node 20 and 22 it costs every promise of the process. */
let running = 0;
const leave = () => {
  if (--running === 0) current.disable();
};

// What PostgreSQL says of a statement that it was told to cancel, for those that it never gets to see.
export const cancelled = Object.assign(new pg.DatabaseError('the work of this statement was cancelled', 0, 'error'), {
  severity: 'ERROR',
  code: '57014',
});

/** Makes the statements of one piece of work end together. */
export class Cancellation {
  readonly #running = new Set<{ client: pg.Client }>();
  readonly #onCancel: (() => void)[] = [];
  #requests: Promise<unknown> | undefined;

  get isCancelled(): boolean {
    return this.#requests !== undefined;
  }

  /** Does the work: whatever it sends to the database, also later, is under this cancellation. */
  run<Result>(work: () => Result): Result {
    const result = current.run(this, work);
    if (result instanceof Promise) {
      running++;
      result.then(leave, leave);
    }
    return result;
  }

  /** The statements that run are cancelled, those that would follow are refused; a transaction can only end. */
  cancel(): void {
    const clients = new Set([...this.#running].map(({ client }) => client));
    this.#requests ??= Promise.all([...clients].map(sendCancelRequest));
    for (const callback of this.#onCancel.splice(0)) callback();
  }

  /** Calls back once it is cancelled. */
  onCancel(callback: () => void): void {
    this.#onCancel.push(callback);
  }

  async watch<Result>(client: pg.Client, send: () => Promise<Result>): Promise<Result> {
    if (this.isCancelled) throw cancelled;

    const statement = { client };
    this.#running.add(statement);
    try {
      return await send();
    } finally {
      this.#running.delete(statement);
      // A request to cancel that is still under way would hit the next statement of the connection.
      await this.#requests;
    }
  }
}

/**
 * For work that has waited: whoever asked for it may have given it up.
 * @throws as a statement does that is cancelled
 */
export function throwIfCancelled(): void {
  if (current.getStore()?.isCancelled) throw cancelled;
}

/** The work that this is a part of; it can be asked later, elsewhere, whether that was given up. */
export function presentWork(): Cancellation | undefined {
  return current.getStore();
}

/** A connection whose statements can be cancelled by the work that sends them. */
class CancellableClient extends DatabaseClient {
  #last: Promise<unknown> | undefined;

  // As wide as the overloads that it stands for: a pool passes a callback, a transaction takes the promise.
  override query(query: unknown, values?: unknown, callback?: unknown): never {
    const cancellation = current.getStore();
    const send = (...rest: unknown[]) => Reflect.apply(super.query, this, [query, values, ...rest]);
    if (!cancellation || endsTransaction(query)) return send(callback) as never;

    const result = cancellation.watch(this, () => this.#inTurn(send as () => Promise<unknown>));
    if (typeof callback === 'function') result.then((value) => callback(undefined, value), callback as () => void);
    return result as never;
  }

  /** Resolvers ask side by side, also within one transaction, whose connection takes one statement after another. */
  #inTurn(send: () => Promise<unknown>): Promise<unknown> {
    const next = () => send();
    const result = this.#last ? this.#last.then(next, next) : send();
    this.#last = result;
    const forget = () => {
      if (this.#last === result) this.#last = undefined;
    };
    result.then(forget, forget);
    return result;
  }
}

/** Half a transaction must not stay open on a connection that goes back to the pool. */
function endsTransaction(query: unknown): boolean {
  const text = typeof query === 'object' && query !== null && 'text' in query ? query.text : query;
  return text === 'COMMIT' || text === 'ROLLBACK';
}

/** One of them while it is taken from its pool. */
export type PooledClient = CancellableClient & pg.PoolClient;

type OnConnect = (error: Error | undefined, client?: pg.PoolClient, release?: pg.PoolClient['release']) => void;

/** A pool of such connections. */
export class CancellablePool extends pg.Pool {
  constructor(config: ConnectionConfig & pg.PoolConfig) {
    super({ ...config, Client: CancellableClient });
  }

  override connect(): Promise<PooledClient>;
  override connect(callback: OnConnect): void;
  override connect(callback?: OnConnect): Promise<PooledClient> | undefined {
    const cancellation = current.getStore();
    const connecting = super.connect().then((client) => {
      if (!cancellation?.isCancelled) return client as PooledClient;
      // Given back unused: a statement that fails would cost the pool its connection.
      client.release();
      throw cancelled;
    });
    if (!callback) return connecting;
    // By a promise, so that it acts for whoever waited, not for whoever gave the connection back.
    connecting.then((client) => callback(undefined, client, client.release), callback);
    return undefined;
  }
}
