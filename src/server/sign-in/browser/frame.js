const styles = `
  :host { all: initial; display: block; flex: none; position: sticky; top: 0; z-index: 9; }
  section {
    display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; box-sizing: border-box; min-height: 44px; padding: 6px 16px;
    background: #1b2733; color: #fff; font: 14px/1.4 system-ui, sans-serif;
  }
  p { margin: 0; flex: 1 1 12em; min-width: 0; overflow-wrap: anywhere; }
  small { display: block; color: #c3ced9; font-size: 12px; }
  small:empty { display: none; }
  .problem { color: #ffc9a8; }
  div, form { display: flex; flex-wrap: wrap; gap: 8px; }
  form { margin: 0; }
  input {
    box-sizing: border-box; min-height: 32px; padding: 5px 10px; border: 1px solid #8fa3b5; border-radius: 4px; background: #fff;
    color: #1b2733; font: inherit; width: 22em; max-width: 100%; flex: 1 1 12em;
  }
  button, a {
    box-sizing: border-box; min-height: 32px; padding: 5px 14px; border: 1px solid #8fa3b5; border-radius: 4px; background: none;
    color: inherit; font: inherit; text-decoration: none; cursor: pointer;
  }
  button.first { border-color: #fff; background: #fff; color: #1b2733; }
  button:hover, a:hover { border-color: #fff; background: #33475a; }
  button.first:hover { background: #dfe6ec; }
  :focus-visible { outline: 3px solid #7cc0ff; outline-offset: 2px; }
`;

const layout = new CSSStyleSheet();
// GraphiQL fills the window by itself; now it has what the bar leaves.
layout.replaceSync(`
  body { margin: 0; }
  body:has(> #root) { display: flex; flex-direction: column; height: 100dvh; }
  body > #root { flex: 1; height: auto; min-height: 0; }
  body > #root .graphiql-container { height: 100%; }
`);

/**
 * Puts a bar on top of the page: a text, and what the user can do. Styled by itself: pages of other libraries, and their content
 * security policies, leave it as it is.
 *
 * @param {string} label
 */
export function mountFrame(label) {
  const host = document.createElement('div');
  host.id = 'sign-in';
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  document.adoptedStyleSheets.push(layout);

  const bar = element('section', { ariaLabel: label });
  const text = element('p', { role: 'status' });
  const actions = element('div');
  bar.append(text, actions);
  root.append(bar);
  document.body.prepend(host);
  return { root, text, actions };
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} [properties]
 */
export function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}
