/**
 * What GraphiQL keeps in this browser, under names of our own: others may have a GraphiQL at this origin too. No credentials are
 * kept.
 *
 * @param {string} prefix
 */
export function createStorage(prefix) {
  const nameOf = (/** @type {string} */ key) => `${prefix}:${key}`;
  const names = () => Object.keys(localStorage).filter((name) => name.startsWith(`${prefix}:`));
  return {
    getItem: (/** @type {string} */ key) => localStorage.getItem(nameOf(key)),
    setItem: (/** @type {string} */ key, /** @type {string} */ value) =>
      localStorage.setItem(nameOf(key), withoutCredentials(key, value)),
    removeItem: (/** @type {string} */ key) => localStorage.removeItem(nameOf(key)),
    clear: () => {
      for (const name of names()) localStorage.removeItem(name);
    },
    get length() {
      return names().length;
    },
  };
}

/** @typedef {{ query: string | null, variables: string | null, headers: string | null }} Tab */

/**
 * The tab that was last shown; undefined where none is kept.
 *
 * @param {Pick<Storage, 'getItem'>} storage
 * @returns {Tab | undefined}
 */
export function lastTab(storage) {
  try {
    const { tabs, activeTabIndex } = JSON.parse(storage.getItem('graphiql:tabState') ?? 'null') ?? {};
    return tabs?.[activeTabIndex];
  } catch {
    return undefined;
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
function withoutCredentials(key, value) {
  if (key === 'graphiql:headers') return cleanHeaders(value);
  if (!value.includes('"headers"')) return value;
  try {
    return JSON.stringify(
      JSON.parse(value, (name, held) => (name === 'headers' && typeof held === 'string' ? cleanHeaders(held) : held)),
    );
  } catch {
    // A query, or variables that are being typed.
    return value;
  }
}

const credentials = /^(authorization|x-api-key|cookie)$/i;

/** @param {string} text as it is typed, which may be no JSON yet */
function cleanHeaders(text) {
  if (!/authorization|x-api-key|cookie/i.test(text)) return text;
  try {
    const kept = Object.entries(JSON.parse(text)).filter(([name]) => !credentials.test(name));
    return JSON.stringify(Object.fromEntries(kept), null, 2);
  } catch {
    return '{}';
  }
}
