/** The forms of answers that an `Accept` allows. */
export interface Acceptance {
  /** The media type of a JSON answer; null where none is accepted. */
  json: 'application/json' | 'application/graphql-response+json' | null;
  /** Whether a stream of events is accepted, also by a wildcard. */
  stream: boolean;
  /** Whether a stream is preferred over JSON: errors are then sent in one too. */
  prefersStream: boolean;
}

const [json, graphqlJson, stream] = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
] as const;

/** Whether a browser wants to show what it asks for. */
export function wantsPage({ method, headers }: Request): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers.get('accept')?.includes('text/html') ?? false);
}

/** The forms that each media range accepts, the best first. */
const taken: ReadonlyMap<string, readonly (typeof json | typeof graphqlJson | typeof stream)[]> = new Map([
  [json, [json]],
  [graphqlJson, [graphqlJson]],
  [stream, [stream]],
  ['application/*', [json, graphqlJson]],
  ['text/*', [stream]],
  ['*/*', [json, graphqlJson, stream]],
]);

/** Parses an `Accept`: by quality, then in its order. Without it, or where it is empty, anything is accepted. */
export function acceptanceOf(accept: string | null): Acceptance {
  const named = (accept?.trim() || '*/*').split(',').map(parseEntry);
  const forms = named
    .filter(({ quality, isUtf8 }) => quality > 0 && isUtf8)
    .sort((one, other) => other.quality - one.quality)
    .flatMap(({ mediaType }) => taken.get(mediaType) ?? []);
  return {
    json: forms.find((form) => form !== stream) ?? null,
    stream: forms.includes(stream),
    prefersStream: forms[0] === stream,
  };
}

function parseEntry(entry: string) {
  const [mediaType = '', ...parameters] = entry
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const parameterOf = (name: string) => parameters.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1);
  const quality = Number(parameterOf('q') ?? 1);
  const charset = parameterOf('charset') ?? 'utf-8';
  return { mediaType, quality: Number.isNaN(quality) ? 1 : quality, isUtf8: /^"?utf-8"?$/.test(charset) };
}
