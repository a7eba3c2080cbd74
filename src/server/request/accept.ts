/** In what form a client wants its answers. */
export interface Acceptance {
  /** As what it takes an answer that is one JSON object; null where it takes none. */
  json: 'application/json' | 'application/graphql-response+json' | null;
  /** Whether it takes a stream of events, be it as anything at all. */
  stream: boolean;
  /** Whether it asks for a stream by name, before anything else that we have: then also to be told of faults by one. */
  prefersStream: boolean;
}

const [json, graphqlJson, stream] = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
] as const;

/** What each media type takes of what we have, the best first. */
const taken: ReadonlyMap<string, readonly (typeof json | typeof graphqlJson | typeof stream)[]> = new Map([
  [json, [json]],
  [graphqlJson, [graphqlJson]],
  [stream, [stream]],
  ['application/*', [json, graphqlJson]],
  ['text/*', [stream]],
  ['*/*', [json, graphqlJson, stream]],
]);

/** Reads an `Accept`: as it weighs, then in its order. No header, or an empty one, takes anything. */
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
