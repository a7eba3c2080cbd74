import { createStorage, lastTab } from './storage.js';

/** @type {{ tabs: { query: string, headers: string }[] } | { query: string }} */
const settings = JSON.parse(document.querySelector('#settings')?.textContent ?? '');
const isDemo = 'tabs' in settings;
// In the demo world headers are kept, since they name the persona; elsewhere they are of no use without a token.
const storage = createStorage(isDemo ? 'modelgate-demo' : 'modelgate');
const defaults = isDemo ? settings.tabs : [{ query: settings.query, headers: '' }];
const linked = linkedTab();
const shown = linked ?? lastTab(storage);

const { YogaGraphiQL } =
  /** @type {{ YogaGraphiQL: { renderYogaGraphiQL: (root: Element | null, options: object) => void } }} */ (
    /** @type {unknown} */ (globalThis)
  );
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  title: 'Modelgate',
  storage,
  defaultTabs: linked ? [linked, ...defaults] : defaults,
  // Of new tabs.
  defaultHeaders: defaults[0]?.headers ?? '',
  // Otherwise it does not find the tab again that was last shown, and opens an empty one instead, as the persona of the first.
  ...(shown ? initially(shown) : {}),
  defaultEditorToolsVisibility: 'headers',
  shouldPersistHeaders: isDemo,
  showPersistHeadersSettings: false,
  // By default the query is written into the address, and is taken from there again whatever the tabs are.
  onEditQuery: () => {},
});

/** @param {import('./storage.js').Tab} tab */
function initially({ query, variables, headers }) {
  return {
    initialQuery: query ?? '',
    initialVariables: variables ?? '',
    ...(isDemo ? { initialHeaders: headers ?? '' } : {}),
  };
}

/** The tab that the page's address is a link to: `/graphql?query=…&variables=…`. It is opened once. */
function linkedTab() {
  const parameters = new URLSearchParams(location.search);
  const query = parameters.get('query');
  if (query === null) return undefined;
  history.replaceState(null, '', location.pathname);
  return { query, variables: parameters.get('variables'), headers: defaults[0]?.headers ?? '' };
}
