import type { Plugin } from 'graphql-yoga';
import { type ConsolePage, consolePage } from '../pages/console.ts';
import { isOfThisMachine } from '../request/request-target.ts';
import { useRoutes } from './use-routes.ts';

/** Serves the console at `/console`; to a browser on this machine as the personas of the demo world, if there are any. */
export function useConsole({ hasDemo, ...options }: Omit<ConsolePage, 'isDemo'> & { hasDemo: boolean }): Plugin {
  return useRoutes({
    '/console': (request) => consolePage({ ...options, isDemo: hasDemo && isOfThisMachine(request) }),
  });
}
