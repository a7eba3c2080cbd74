import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request: it passes; its answer is changed on its way; its connection is cut; nobody answers; or what is answered in its place. */
export type Fate =
  | 'pass'
  | ((chunk: Buffer) => Buffer)
  | 'cut'
  | 'hang'
  | { status?: number; headers?: Record<string, string>; body: Buffer | string };

interface Answered {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** A network between a client and a service at `target`, in which things go wrong. */
export async function openDoor(target: string) {
  let fateOf: (path: string, answered: () => Promise<Answered>) => Fate | Promise<Fate> = () => 'pass';
  const asked: string[] = [];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { url = '', method, headers } = incoming;
    asked.push(url);
    const answered = async () => {
      const response = await fetch(target + url, { headers: { authorization: headers.authorization ?? '' } });
      const body = Buffer.from(await response.arrayBuffer());
      const {
        'content-length': _length,
        'content-encoding': _encoding,
        ...others
      } = Object.fromEntries(response.headers);
      return { status: response.status, headers: others, body };
    };
    const fate = await fateOf(url, answered);
    if (fate === 'hang') return;
    if (fate === 'cut') return void outgoing.destroy();
    if (typeof fate === 'object') return void outgoing.writeHead(fate.status ?? 200, fate.headers).end(fate.body);
    const passed = request(target + url, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers).flushHeaders();
      if (fate === 'pass') response.pipe(outgoing);
      else response.on('data', (chunk: Buffer) => outgoing.write(fate(chunk)));
      response.once('error', () => outgoing.destroy());
    });
    passed.once('error', () => outgoing.destroy());
    outgoing.once('close', () => passed.destroy());
    incoming.pipe(passed);
  };
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing).catch(() => outgoing.destroy()));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The paths of all requests so far. */
    asked,
    /** Decides on requests from now on; all connections that are open are cut. */
    decide: (next: typeof fateOf) => {
      fateOf = next;
      server.closeAllConnections();
    },
    close: () => void server.close().closeAllConnections(),
  };
}
