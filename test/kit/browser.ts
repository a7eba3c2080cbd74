import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

export interface OpenBrowser {
  browser: Browser;
  /** Ends it, and leaves nothing behind. */
  close(): Promise<void>;
}

/** A headless browser that needs nothing of a Linux on x64; elsewhere the Chrome that is installed. What it unpacks goes into `parent`. */
export async function openBrowser(parent = tmpdir()): Promise<OpenBrowser> {
  if (process.platform === 'linux' && process.arch === 'x64') return openBroughtChromium(parent);
  const browser = await chromium.launch({ channel: 'chrome' });
  return { browser, close: () => browser.close() };
}

async function openBroughtChromium(parent: string): Promise<OpenBrowser> {
  const folder = await mkdtemp(join(parent, 'modelgate-browser-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  // The package unpacks into the temporary folder; and the libraries that it needs only where it believes to be in a Lambda.
  const restore = setVariables({ TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' });
  try {
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
    restore();
  }
}

/** Sets variables of this process; what is returned sets them back. */
function setVariables(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
