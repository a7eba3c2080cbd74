// Read by the editor, which is in the script that comes next.
Object.assign(globalThis, {
  MonacoEnvironment: {
    globalAPI: false,
    getWorkerUrl: (/** @type {unknown} */ _module, /** @type {string} */ label) =>
      new URL(`${label}.worker.js`, import.meta.url).href,
  },
});
