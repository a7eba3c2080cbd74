import type { Plugin } from 'graphql-yoga';
import type { Catalog } from '../../catalog/catalog.ts';
import { catalogFileOf } from '../../domain/snapshots/catalog-file.ts';
import type { ErrorCode } from '../../errors/base.ts';
import { recordError, recordOf } from '../request/request-record.ts';

const path = /^\/catalog\/([^/]+)$/;
const methods = 'GET, HEAD';

type Refusal = [code: ErrorCode, message: string, options?: { status: number; headers: Record<string, string> }];

/** Loads what answers below `/v1`, which writes refusals. */
type LoadRefusals = () => Promise<{ refuseBeside: (traceId: string, ...refusal: Refusal) => Response }>;

/**
 * `GET /catalog/{version}`: the catalog of this service, for whoever decides by a snapshot. What is at an address never changes, so
 * anybody may keep it; another version than the present one is not there. Refusals have the form of those below `/v1`.
 */
export function useCatalog(catalog: Catalog, load: LoadRefusals): Plugin {
  const refuse = async (request: Request, ...refusal: Refusal) => {
    const { refuseBeside } = await load();
    const record = recordOf(request);
    recordError(record, refusal[0], undefined);
    return refuseBeside(record.traceId, ...refusal);
  };
  return {
    onRequest({ request, url, endResponse, fetchAPI }) {
      const version = path.exec(url.pathname)?.[1];
      if (version === undefined) return;
      if (version !== String(catalog.version)) {
        const message = `There is no such catalog: that of this service is /catalog/${catalog.version}`;
        return refuse(request, 'NOT_FOUND', message).then(endResponse);
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        const refusal = { status: 405, headers: { allow: methods } };
        return refuse(request, 'VALIDATION_ERROR', `This path takes ${methods}`, refusal).then(endResponse);
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
