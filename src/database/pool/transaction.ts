import { Prisma } from '../generated/prisma/client.ts';
import type { Signal } from './signal.ts';

type Send = <Row>(sql: Prisma.Sql) => Promise<Row[]>;

/**
 * A transaction on its own connection. It sends one statement after another, since resolvers run concurrently. A nested
 * transaction is a savepoint; two of those must not overlap.
 */
export class SqlTransaction {
  readonly pool = undefined;
  readonly signal: Signal | undefined;
  readonly #send: Send;
  readonly #command: (text: string) => Promise<unknown>;
  #last: Promise<unknown> | undefined;
  #isOver = false;
  #savepoints = 0;

  constructor(send: Send, command: (text: string) => Promise<unknown>, signal: Signal | undefined) {
    this.#send = send;
    this.#command = command;
    this.signal = signal;
  }

  query<Row>(strings: readonly string[], ...values: unknown[]): Promise<Row[]> {
    return this.#inOrder(() => this.#send<Row>(Prisma.sql(strings, ...values)));
  }

  async transaction<Result>(work: (tx: SqlTransaction) => Promise<Result>): Promise<Result> {
    const name = `s${++this.#savepoints}`;
    await this.#inOrder(() => this.#command(`SAVEPOINT ${name}`));
    try {
      const result = await work(this);
      await this.#inOrder(() => this.#command(`RELEASE SAVEPOINT ${name}`));
      return result;
    } catch (error) {
      await this.#inOrder(() => this.#command(`ROLLBACK TO SAVEPOINT ${name}`)).catch(() => {});
      throw error;
    }
  }

  /** Sends COMMIT or ROLLBACK after all pending statements. No statement can be sent afterwards. */
  end(command: 'COMMIT' | 'ROLLBACK'): Promise<unknown> {
    const ended = this.#inOrder(() => this.#command(command));
    this.#isOver = true;
    return ended;
  }

  #inOrder<Result>(send: () => Promise<Result>): Promise<Result> {
    // The connection may be in use by another request.
    if (this.#isOver) return Promise.reject(new Error('The transaction of this statement is over'));
    const result = this.#last ? this.#last.then(send, send) : send();
    this.#last = result;
    const release = () => {
      if (this.#last === result) this.#last = undefined;
    };
    result.then(release, release);
    return result;
  }
}
