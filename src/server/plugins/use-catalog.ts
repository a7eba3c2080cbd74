import type { Plugin } from 'graphql-yoga';
import type { Catalog } from '../../catalog/catalog.ts';
import { catalogFileOf } from '../../domain/snapshots/catalog-file.ts';

const path = /^\/catalog\/(\d{1,9})$/;

/**
 * `GET /catalog/{version}`: the catalog of this service, for whoever decides by a snapshot. What is at an address never changes, so
 * anybody may keep it; another version than the present one is not there.
 */
export function useCatalog(catalog: Catalog): Plugin {
  return {
    onRequest({ request, url, endResponse, fetchAPI }) {
      const version = path.exec(url.pathname)?.[1];
      if (version === undefined || Number(version) !== catalog.version) return;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return endResponse(new fetchAPI.Response(null, { status: 405, headers: { allow: 'GET, HEAD' } }));
      }
      const file = catalogFileOf(catalog);
      const encoding = encodingOf(request.headers.get('accept-encoding') ?? '');
      const body = encoding ? file.compressed(encoding) : file.plain;
      endResponse(
        new fetchAPI.Response(request.method === 'HEAD' ? null : new Uint8Array(body), {
          headers: {
            'content-type': 'application/json',
            'content-length': String(body.length),
            'cache-control': 'public, max-age=31536000, immutable',
            vary: 'Accept-Encoding',
            ...(encoding ? { 'content-encoding': encoding } : {}),
          },
        }),
      );
    },
  };
}

/** The best encoding that a client takes. One with a quality of 0 it does not take. */
function encodingOf(accepted: string): 'br' | 'gzip' | undefined {
  const taken = accepted
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => !/;\s*q=0(\.0*)?$/.test(one))
    .map((one) => one.split(';')[0]);
  return (['br', 'gzip'] as const).find((encoding) => taken.includes(encoding));
}
