import { it } from 'vitest';
import { onDemoWorld, walk } from './walk.ts';

it('every command of docs/tutorial.md, in order, answers what is shown', async () => {
  await walk('docs/tutorial.md', await onDemoWorld());
});
