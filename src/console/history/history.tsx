import { Empty } from '../parts/empty.tsx';
import { words } from '../words.ts';

export function History() {
  return <Empty>{words.loading}</Empty>;
}
