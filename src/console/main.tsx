import { render } from 'preact';
import { App } from './app.tsx';
import { follow } from './graph/live.ts';
import { loadCaller, watchCaller } from './state/caller.ts';
import { watchPolicy } from './state/draft.ts';
import { watchExceptions } from './state/exceptions.ts';
import { watchKeys } from './state/keys.ts';
import { watchModels } from './state/models.ts';
import { watchPeople } from './state/people.ts';
import { changed } from './state/revision.ts';
import { organizationId } from './state/route.ts';
import './style.css';

watchCaller();
watchModels();
watchPolicy();
watchPeople();
watchKeys();
watchExceptions();
follow(organizationId, (revision) => {
  changed();
  if (revision === undefined || /^(MEMBER|INVITATION|ORGANIZATION)/.test(revision.action)) void loadCaller();
});

const root = document.querySelector('#console');
if (root) render(<App />, root);
