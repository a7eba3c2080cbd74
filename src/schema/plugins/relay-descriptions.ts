/** Descriptions of Relay's types and arguments, as options of the relay plugin. */
export const relayDescriptions = {
  nodeTypeOptions: { description: 'An object that can be read by its id alone.' },
  idFieldOptions: { description: 'The one id of the object, whose prefix says its type.' },
  pageInfoTypeOptions: { description: 'The position of a page in its list.' },
  hasNextPageFieldOptions: { description: 'Whether there is more after the page, when paging forward.' },
  hasPreviousPageFieldOptions: { description: 'Whether there is more before the page, when paging backward.' },
  startCursorFieldOptions: { description: 'The cursor of the first entry; null on an empty page.' },
  endCursorFieldOptions: { description: 'The cursor of the last entry; null on an empty page.' },
  edgesFieldOptions: { description: 'The entries of the page.' },
  pageInfoFieldOptions: { description: 'The position of the page in its list.' },
  cursorFieldOptions: { description: 'The position of the entry: give it as `after` or `before`.' },
  nodeFieldOptions: { description: 'The entry itself.' },
  firstArgOptions: {
    description: 'How many entries from the start: 50 by default; 100 at most, unless the service is set up otherwise.',
  },
  afterArgOptions: { description: 'Only entries after this cursor.' },
  lastArgOptions: {
    description: 'How many entries from the end: 100 at most, unless the service is set up otherwise.',
  },
  beforeArgOptions: { description: 'Only entries before this cursor.' },
};
