import { Empty } from '../parts/empty.tsx';
import { words } from '../words.ts';

export function People() {
  return <Empty>{words.loading}</Empty>;
}
