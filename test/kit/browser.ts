import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { vi } from 'vitest';

export interface OpenBrowser {
  browser: Browser;
  /** Ends it, and leaves nothing behind. */
  close(): Promise<void>;
}

/** A headless browser that needs nothing of a Linux on x64; elsewhere the Chrome that is installed. */
export async function openBrowser(): Promise<OpenBrowser> {
  if (process.platform === 'linux' && process.arch === 'x64') return openBroughtChromium();
  const browser = await chromium.launch({ channel: 'chrome' });
  return { browser, close: () => browser.close() };
}

async function openBroughtChromium(): Promise<OpenBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'modelgate-browser-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    // The package unpacks into the temporary folder; and the libraries that it needs only where it believes to be in a Lambda.
    vi.stubEnv('TMPDIR', folder).stubEnv('AWS_EXECUTION_ENV', 'AWS_Lambda_nodejs20.x');
    const { default: brought } = await import('@sparticuz/chromium');
    const executablePath = await brought.executablePath();
    // As it comes, it looks for its fonts in /tmp, and a Chromium that finds none ends.
    await writeFile(join(folder, 'fonts/fonts.conf'), `<fontconfig><dir>${folder}/fonts</dir></fontconfig>`);
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    return { browser, close: () => browser.close().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  } finally {
    vi.unstubAllEnvs();
  }
}
