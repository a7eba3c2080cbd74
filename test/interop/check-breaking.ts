// What was released stays as it is for clients, unless released/accepted.json says otherwise:
//
//   tsx test/interop/check-breaking.ts             fails where schema.graphql breaks clients of the last release
//   tsx test/interop/check-breaking.ts --release   makes schema.graphql the last release, with nothing accepted yet
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type AcceptedChange, obstaclesTo } from './breaking-changes.ts';

const present = join(import.meta.dirname, '../../schema.graphql');
const released = join(import.meta.dirname, 'released/schema.graphql');
const accepted = join(import.meta.dirname, 'released/accepted.json');

const { values } = parseArgs({ options: { release: { type: 'boolean' } } });
if (values.release) {
  copyFileSync(present, released);
  writeFileSync(accepted, '[]\n');
} else {
  const obstacles = await obstaclesTo(read(present), read(released), JSON.parse(read(accepted)) as AcceptedChange[]);
  for (const obstacle of obstacles) process.stderr.write(`${obstacle}\n`);
  process.exitCode = obstacles.length === 0 ? 0 : 1;
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
