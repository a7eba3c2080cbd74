import type { ServerResponse } from 'node:http';
import { idOfStamp, type Stamp } from '../../sdk/state.ts';

/** How much, in bytes, may wait to be read by a client; a slower one is disconnected, and reads what is so when it is back. */
const maxWaiting = 65_536;

const comment = Buffer.from(':\n\n');
const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

/** The streams of the clients of a relay. All get the same bytes. */
export class RelayStreams {
  readonly #open = new Set<ServerResponse>();

  get size(): number {
    return this.#open.size;
  }

  /** Opens a stream. Its first event tells the present stamp. */
  add(response: ServerResponse, stamp: Stamp): void {
    response.writeHead(200, headers).write(changedEvent(stamp));
    this.#open.add(response);
    response.once('close', () => this.#open.delete(response));
  }

  /** Tells that there is another snapshot. */
  change(stamp: Stamp): void {
    this.#write(changedEvent(stamp));
  }

  /** Tells that the service has confirmed the present one. */
  confirm(): void {
    this.#write(comment);
  }

  close(): void {
    for (const response of this.#open) response.end('event: end\ndata: {"code":"SERVICE_UNAVAILABLE"}\n\n');
  }

  #write(bytes: Buffer): void {
    for (const response of this.#open) {
      if (response.writableLength > maxWaiting) response.destroy();
      else response.write(bytes);
    }
  }
}

function changedEvent(stamp: Stamp): Buffer {
  return Buffer.from(`id: ${idOfStamp(stamp)}\nevent: changed\ndata: ${JSON.stringify(stamp)}\n\n`);
}
