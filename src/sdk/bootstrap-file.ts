import type { Bootstrap } from './types.ts';

/** Not written in the `import`: bundlers for browsers must not look for it. */
const files = 'node:fs/promises';

type Files = typeof import('node:fs/promises');

/** The content of a bootstrap file; undefined where it is not there. @throws where it cannot be read, or there are no files here */
export async function readBootstrap(path: string): Promise<Bootstrap | undefined> {
  const { readFile }: Files = await import(/* @vite-ignore */ files);
  const text = await readFile(path, 'utf8').catch((error: { code?: string }) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as Bootstrap);
}

/** Replaces a bootstrap file as a whole: another process that reads it meanwhile gets the one before. */
export async function writeBootstrap(path: string, bootstrap: Bootstrap): Promise<void> {
  const { writeFile, rename, rm }: Files = await import(/* @vite-ignore */ files);
  const own = `${path}.${crypto.randomUUID()}`;
  try {
    // Only its owner may read it: it says what the organization allows.
    await writeFile(own, JSON.stringify(bootstrap), { mode: 0o600 });
    await rename(own, path);
  } catch (error) {
    await rm(own, { force: true });
    throw error;
  }
}
