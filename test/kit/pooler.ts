import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a pooler does to its clients. */
export interface PoolerOptions {
  /** Names the server's own process, as one does that is not seen. */
  isHidden?: boolean;
  /** Forgets named statements between transactions. */
  forgets?: boolean;
  /** Drops the parameters of a client's first message. */
  drops?: boolean;
  /** Refuses a client that sends one of these. */
  refuses?: readonly string[];
}

/** A pooler as a client sees it, in between; it passes no notifications. It ends with the test. */
export async function startPooler(databaseUrl: string, options: PoolerOptions = {}) {
  const { hostname, port } = new URL(databaseUrl);
  let dropped = 0;
  let hangUps = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const hangUpsBefore = hangUps;
    const toServer = firstMessage((startup) => {
      if (isCancelRequest(startup)) return far.write(options.isHidden ? startup : renamed(startup, 8));
      const parameters = parametersOf(startup);
      const refused = options.refuses?.find((name) => parameters.has(name));
      if (refused) near.end(fatal('08P01', `unsupported startup parameter: ${refused}`));
      else far.write(options.drops ? startupOf(parameters) : startup);
      return refused === undefined;
    }, far);
    const toClient = eachMessage((kind, message) => {
      if (kind === 'A') dropped++;
      else if (kind === 'K' && !options.isHidden) near.write(renamed(message));
      else near.write(message);
    });
    const forgetting = options.forgets ? between(toClient, far) : toClient;
    near.on('data', (chunk) => (hangUps > hangUpsBefore ? near.destroy() : toServer(chunk)));
    far.on('data', forgetting);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => {});
      socket.on('close', () => other.destroy());
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const url = Object.assign(new URL(databaseUrl), { port: (server.address() as AddressInfo).port }).href;
  return {
    url,
    /** How many notifications did not pass. */
    dropped: () => dropped,
    /** Each that is connected finds so, without a word, when it sends something the next time. */
    hangUp: () => void hangUps++,
  };
}

type OnData = (chunk: Buffer) => void;

/** The first message has no letter; what follows it passes. */
function firstMessage(onStartup: (message: Buffer) => boolean, far: { write: (chunk: Buffer) => void }): OnData {
  let rest: Buffer | undefined = Buffer.alloc(0);
  let isOpen = true;
  return (chunk) => {
    if (rest === undefined) return void (isOpen && far.write(chunk));
    rest = Buffer.concat([rest, chunk]);
    if (rest.length < 4 || rest.length < rest.readUInt32BE(0)) return;
    const length = rest.readUInt32BE(0);
    isOpen = onStartup(rest.subarray(0, length));
    if (isOpen && rest.length > length) far.write(rest.subarray(length));
    rest = undefined;
  };
}

/** Each message of the server is a letter, and a length that counts itself. */
function eachMessage(onMessage: (kind: string, message: Buffer) => void): OnData {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length > 4 && rest.length > rest.readUInt32BE(1)) {
      const message = rest.subarray(0, rest.readUInt32BE(1) + 1);
      rest = rest.subarray(message.length);
      onMessage(message.toString('latin1', 0, 1), message);
    }
  };
}

/** Whenever the server is idle it is told to forget all statements, before the client hears of it. */
function between(pass: OnData, far: { write: (chunk: Buffer) => void }): OnData {
  let held: Buffer | undefined;
  return eachMessage((kind, message) => {
    const isIdle = kind === 'Z' && message.toString('latin1', 5) === 'I';
    if (held) {
      if (kind !== 'Z') return;
      pass(held);
      held = undefined;
    } else if (isIdle) {
      held = message;
      far.write(messageOf('Q', Buffer.from('DEALLOCATE ALL\0')));
    } else pass(message);
  });
}

function messageOf(kind: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function fatal(code: string, text: string): Buffer {
  return messageOf('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`));
}

/** With another number for the process in it; done twice, with the server's. */
function renamed(message: Buffer, at = 5): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt32BE(copy.readUInt32BE(at) ^ 0x4000_0000, at);
  return copy;
}

function isCancelRequest(startup: Buffer): boolean {
  return startup.readUInt32BE(4) === 80_877_102;
}

/** Behind the length and the version are names and values. */
function parametersOf(startup: Buffer): Map<string, string> {
  const words = startup.toString('utf8', 8).split('\0');
  return new Map(words.flatMap((name, index) => (index % 2 === 0 && name ? [[name, words[index + 1] ?? '']] : [])));
}

function startupOf(parameters: ReadonlyMap<string, string>): Buffer {
  const kept = ['user', 'database'].flatMap((name) => [name, parameters.get(name) ?? '']);
  const body = Buffer.from(`${kept.join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.writeUInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}
