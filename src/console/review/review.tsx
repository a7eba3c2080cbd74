import { Empty } from '../parts/empty.tsx';
import { words } from '../words.ts';

export function Review() {
  return <Empty>{words.loading}</Empty>;
}
