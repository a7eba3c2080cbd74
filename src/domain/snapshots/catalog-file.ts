import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogModel } from '../../catalog/entry.ts';

/** A catalog as it is sent: it never changes, so it is written and compressed once. */
export interface CatalogFile {
  version: number;
  /** SHA-256 of the plain bytes, in Base64url. */
  hash: string;
  plain: Buffer;
  /** The same by content encoding. Compressed when it is first asked for. */
  compressed: (encoding: 'br' | 'gzip') => Buffer;
}

const files = new WeakMap<Catalog, CatalogFile>();

/** The file of a catalog, of whose models it has the entries alone: what is derived from them is derived by the reader too. */
export function catalogFileOf(catalog: Catalog): CatalogFile {
  const file = files.get(catalog) ?? write(catalog);
  files.set(catalog, file);
  return file;
}

function write({ version, models }: Catalog): CatalogFile {
  const entries: CatalogModel[] = models.map(
    ({
      id: _id,
      position: _p,
      names: _n,
      disabledBy: _d,
      allowedBy: _a,
      ownNames: _o,
      added: _t,
      retirement: _r,
      ...entry
    }) => entry,
  );
  const plain = Buffer.from(JSON.stringify({ version, models: entries }));
  const encoded = new Map<string, Buffer>();
  return {
    version,
    hash: createHash('sha256').update(plain).digest('base64url'),
    plain,
    compressed: (encoding) => {
      const known = encoded.get(encoding) ?? compress(plain, encoding);
      encoded.set(encoding, known);
      return known;
    },
  };
}

/** The best quality of Brotli takes half a second, and one level less a few hundredths. */
function compress(plain: Buffer, encoding: 'br' | 'gzip'): Buffer {
  return encoding === 'gzip'
    ? gzipSync(plain, { level: 9 })
    : brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}
