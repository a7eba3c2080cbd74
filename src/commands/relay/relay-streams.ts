import type { ServerResponse } from 'node:http';
import { idOfStamp, type Stamp, type State } from '../../sdk/state.ts';

/** How much, in bytes, may wait to be read by a client; a slower one is disconnected, and reads what is so when it is back. */
const maxWaiting = 65_536;

/** Characters of a snapshot that events have at most, as at the service. */
const maxInlineLength = 16_384;

const comment = Buffer.from(':\n\n');
const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

/** The streams of the clients of a relay. All get the same bytes. */
export class RelayStreams {
  readonly #open = new Set<ServerResponse>();
  /** Those whose events have the snapshot itself. */
  readonly #inline = new WeakSet<ServerResponse>();

  get size(): number {
    return this.#open.size;
  }

  /** Opens a stream. Its first event tells the present stamp. */
  add(response: ServerResponse, stamp: Stamp, { isInline }: { isInline: boolean }): void {
    if (isInline) this.#inline.add(response);
    response.writeHead(200, headers).write(changedEvent(stamp));
    this.#open.add(response);
    response.once('close', () => this.#open.delete(response));
  }

  /** Tells that there is another snapshot. */
  change({ document: { revision, catalogVersion }, texts: { snapshot, etag, signature } }: State): void {
    const stamp = { revision, catalogVersion };
    const plain = changedEvent(stamp);
    const inline = snapshot.length > maxInlineLength ? plain : changedEvent(stamp, { etag, signature, snapshot });
    this.#write((response) => (this.#inline.has(response) ? inline : plain));
  }

  /** Tells that the service has confirmed the present one. */
  confirm(): void {
    this.#write(() => comment);
  }

  close(): void {
    for (const response of this.#open) response.end('event: end\ndata: {"code":"SERVICE_UNAVAILABLE"}\n\n');
  }

  #write(bytesFor: (response: ServerResponse) => Buffer): void {
    for (const response of this.#open) {
      if (response.writableLength > maxWaiting) response.destroy();
      else response.write(bytesFor(response));
    }
  }
}

function changedEvent({ revision, catalogVersion }: Stamp, file: object = {}): Buffer {
  const stamp = { revision, catalogVersion };
  return Buffer.from(`id: ${idOfStamp(stamp)}\nevent: changed\ndata: ${JSON.stringify({ ...stamp, ...file })}\n\n`);
}
