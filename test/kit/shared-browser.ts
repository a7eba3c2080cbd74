import type { Browser } from 'playwright-core';
import { inject } from 'vitest';
import { openBrowser } from './browser.ts';

let opening: Promise<Browser> | undefined;

/**
 * The browser of all test files of a worker: to unpack and to start it takes ten seconds. It ends with the worker, and its files are
 * removed with the folder of the run. A test file closes its pages and contexts.
 */
export function sharedBrowser(): Promise<Browser> {
  opening ??= openBrowser(inject('folder')).then(({ browser }) => browser);
  return opening;
}

export async function closeContexts(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}
