import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** The contents of files by their names. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Files that pages of one kind load. */
export interface AssetFolder {
  /** The path of the folder, which no other content has; without a slash at its end. */
  path: () => Promise<string>;
  /** The answer to a request for this path; undefined where it is none of the folder. */
  answer: (path: string, acceptEncoding: string | null) => Promise<Response | undefined>;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/**
 * Each takes less than half a second of 9 MB. Brotli's best quality takes 20 s, to save another sixth. Firefox asks for it by HTTPS
 * alone.
 */
const encodings = {
  br: (content: Uint8Array) => brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: promisify<Uint8Array, Buffer>(gzip),
};
const brotli = promisify(brotliCompress);

/**
 * A folder of static files. They are read when the first page asks for the folder's path. Scripts of it import each other by relative
 * paths: so they are of one version, whatever a browser has kept.
 */
export function createAssetFolder(name: string, read: () => Files | Promise<Files>): AssetFolder {
  let opening: Promise<{ path: string; files: Map<string, Asset> }> | undefined;
  const open = () => {
    opening ??= load().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const load = async () => {
    const files = new Map(Object.entries(await read()).map(([file, content]) => [file, new Asset(file, content)]));
    const hash = createHash('sha256');
    for (const [file, { content }] of files) hash.update(`${file}\n${content.length}\n`).update(content);
    return { path: `/assets/${name}-${hash.digest('base64url').slice(0, 16)}`, files };
  };

  return {
    path: async () => (await open()).path,
    answer: async (asked, acceptEncoding) => {
      if (!asked.startsWith(`/assets/${name}-`)) return undefined;
      const { path, files } = await open();
      const [folder, file = ''] = splitLast(asked);
      return folder === path ? files.get(file)?.answer(acceptEncoding) : undefined;
    },
  };
}

class Asset {
  readonly content: Uint8Array;
  readonly #type: string;
  readonly #encoded = new Map<keyof typeof encodings, Promise<Uint8Array>>();

  constructor(name: string, content: string | Uint8Array) {
    this.content = typeof content === 'string' ? Buffer.from(content) : content;
    this.#type = types[extname(name)] ?? 'application/octet-stream';
  }

  async answer(acceptEncoding: string | null): Promise<Response> {
    const encoding = this.#type === types['.png'] ? undefined : preferredOf(acceptEncoding);
    const body = encoding ? await this.#in(encoding) : this.content;
    const headers = {
      'content-type': this.#type,
      'content-length': String(body.length),
      ...(encoding ? { 'content-encoding': encoding } : {}),
      vary: 'accept-encoding',
      'cache-control': 'public, max-age=31536000, immutable',
    };
    // Node's own Response: that of Yoga would copy the content.
    return new Response(body as Uint8Array<ArrayBuffer>, { headers });
  }

  #in(encoding: keyof typeof encodings): Promise<Uint8Array> {
    const known = this.#encoded.get(encoding) ?? encodings[encoding](this.content);
    this.#encoded.set(encoding, known);
    return known;
  }
}

/** The best encoding that a client accepts; undefined where there is none. */
function preferredOf(acceptEncoding: string | null): keyof typeof encodings | undefined {
  const accepted = (acceptEncoding ?? '').split(',').flatMap((entry) => {
    const [name = '', quality = ''] = entry.toLowerCase().replaceAll(' ', '').split(';q=');
    return Number(quality || 1) > 0 ? [name] : [];
  });
  return (['br', 'gzip'] as const).find((name) => accepted.includes(name));
}

function splitLast(path: string): [string, string] {
  const at = path.lastIndexOf('/');
  return [path.slice(0, at), path.slice(at + 1)];
}
