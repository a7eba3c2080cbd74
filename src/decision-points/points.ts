import { authzenPoint } from './authzen/points.ts';
import { createExtAuthz, type ExtAuthzOptions } from './ext-authz/points.ts';
import { listPoint } from './model-lists/points.ts';
import type { Found } from './point.ts';

/** The point that answers a path; undefined where none does. */
export type FindPoint = (pathname: string) => Found | undefined;

/** The points of a server. Each table looks at the beginning of the path first. */
export function createPoints({ extAuthz }: { extAuthz: ExtAuthzOptions | undefined }): FindPoint {
  const extAuthzPoint = createExtAuthz(extAuthz);
  return (pathname) => extAuthzPoint(pathname) ?? authzenPoint(pathname) ?? listPoint(pathname);
}
