import { Empty } from '../parts/empty.tsx';
import { words } from '../words.ts';

export function Use() {
  return <Empty>{words.loading}</Empty>;
}
