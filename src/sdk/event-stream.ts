import { SdkError } from './gate-error.ts';

/** A server-sent event; a comment has no name. */
export interface ServerEvent {
  name: 'comment' | (string & {});
  id: string | undefined;
  data: string;
}

/** Characters of an event at most: one that brings a snapshot has some 50,000. */
const maxLength = 2 ** 20;

/** The events of a stream. Where nothing comes for so long, in ms, it throws: then the connection may be dead. */
export async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  idleMs: () => number,
): AsyncGenerator<ServerEvent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (true) {
      const { done, value } = await within(reader.read(), idleMs());
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.replaceAll('\r\n', '\n').split('\n\n');
      text = blocks.pop() ?? '';
      if (text.length > maxLength) throw new SdkError('UNAVAILABLE', 'The stream has an event that is too long');
      for (const block of blocks) yield eventOf(block);
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

function eventOf(block: string): ServerEvent {
  const event: ServerEvent = { name: block.startsWith(':') ? 'comment' : 'message', id: undefined, data: '' };
  for (const line of block.split('\n')) {
    const end = line.indexOf(':');
    const value = line.slice(end + 1).replace(/^ /, '');
    if (line.startsWith('event:')) event.name = value;
    else if (line.startsWith('id:')) event.id = value;
    else if (line.startsWith('data:')) event.data += value;
  }
  return event;
}

async function within<Value>(work: Promise<Value>, ms: number): Promise<Value> {
  let timeout: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new SdkError('UNAVAILABLE', `The stream has been silent for ${ms} ms`);
    timeout = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timeout);
  }
}
