import { authzenPoint } from './authzen/points.ts';
import { listPoint } from './model-lists/points.ts';
import type { Found } from './point.ts';

/** The point that answers a path; undefined where none does. Each table looks at the beginning of the path first. */
export function findPoint(pathname: string): Found | undefined {
  return authzenPoint(pathname) ?? listPoint(pathname);
}
