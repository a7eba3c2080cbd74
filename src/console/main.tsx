import { computed } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.tsx';
import { follow } from './graph/live.ts';
import { loadCaller, membership, watchCaller } from './state/caller.ts';
import { watchPolicy } from './state/draft.ts';
import { watchExceptions } from './state/exceptions.ts';
import { watchKeys } from './state/keys.ts';
import { watchModels } from './state/models.ts';
import { watchPeople } from './state/people.ts';
import { changed } from './state/revision.ts';
import './style.css';

watchCaller();
watchModels();
watchPolicy();
watchPeople();
watchKeys();
watchExceptions();
// Of others it may hear nothing.
const followed = computed(() => membership.value?.organizationId);
follow(followed, (revision) => {
  changed();
  if (revision === undefined || /^(MEMBER|INVITATION|ORGANIZATION)/.test(revision.action)) void loadCaller();
});

const root = document.querySelector('#console');
if (root) render(<App />, root);
