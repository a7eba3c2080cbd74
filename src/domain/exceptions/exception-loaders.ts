import type { TrackedDatabase } from '../../cache/dependencies.ts';
import { Loader } from '../reading/loader.ts';
import { createPageLoader, type Page, type PageLoader } from '../reading/page.ts';
import type { OrganizationScope } from '../reading/read-scope.ts';
import type { ModelException } from './exception.ts';
import {
  countExceptions,
  type ExceptionFilter,
  type ExceptionKey,
  type ExceptionListing,
  type ExceptionPlace,
  findExceptions,
  findExceptionsById,
  findExceptionsOf,
} from './exception-list.ts';

/** Loaders of exceptions for one request: the loads of each kind are batched into one statement. */
export interface ExceptionLoaders {
  /** By the organization: it does not authorize. */
  pages: PageLoader<Page<ExceptionKey> & ExceptionFilter, ModelException>;
  /** One number for each organization. */
  counts: PageLoader<ExceptionFilter, { count: number }>;
  /** By id: null for one of an organization that the viewer may not read. It does not authorize in that organization. */
  byId: Loader<string, ModelException | null>;
  /** One that a decision names: the decision ends with it, and the answer with the decision. It does not authorize. */
  ofDecisions: Loader<ExceptionPlace, ModelException | null, string>;
}

/** Mostly untracked: what is told of an exception depends on the time too. */
export function createExceptionLoaders(
  source: TrackedDatabase,
  listing: ExceptionListing,
  readable: () => OrganizationScope,
): ExceptionLoaders {
  return {
    pages: createPageLoader((ids, page) => findExceptions(source.untracked(), listing, ids, page)),
    counts: createPageLoader((ids, filter) => countExceptions(source.untracked(), listing, ids, filter)),
    byId: new Loader((ids) => findExceptionsById(source.untracked(), readable(), ids)),
    ofDecisions: new Loader(
      (places) => findExceptionsOf(source.of(places.map(({ organizationId }) => organizationId)), places),
      { cacheKeyFn: ({ id }) => id },
    ),
  };
}
