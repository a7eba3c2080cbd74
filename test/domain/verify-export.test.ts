import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { exportAfter, readExportPage } from '../../src/domain/ledger/ledger-export.ts';
import { verifyExport } from '../../src/domain/ledger/verify-export.ts';
import { ownFolder, run } from '../commands/process.ts';
import { createTestDatabase } from '../kit/database.ts';
import { lengthen } from '../kit/ledger.ts';
import { buildWorld, type World } from '../kit/world.ts';

const database = await createTestDatabase();
const db = createDatabase(database.url, { poolSize: 2 });
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

let world: World;
let lines: string[];
beforeAll(async () => {
  world = await buildWorld(db);
  await lengthen(db, { organizationId: world.organization.id, userId: world.member.id }, 6);
  lines = await exportFor(world.admin.id);
});

async function exportFor(viewerId: string, after = 0): Promise<string[]> {
  const { lines } = await readExportPage(db, { organizationId: world.organization.id, viewerId }, exportAfter(after));
  return lines.split('\n').slice(0, -1);
}

async function* each(texts: readonly string[]) {
  yield* texts;
}

const misfitOf = async (texts: readonly string[]) => (await verifyExport(each(texts))).misfit;
const changed = (number: number, from: string | RegExp, to: string) => {
  const text = lines[number - 1]?.replace(from, to) ?? '';
  expect(text).not.toBe(lines[number - 1]);
  return lines.with(number - 1, text);
};

describe('an export', () => {
  it('fits as it was answered, also in parts, and to whom all of it is told', async () => {
    const { id } = world.organization;

    expect(await verifyExport(each(lines))).toEqual({
      organizationId: id,
      from: 1,
      to: 6,
      entries: 6,
      hidden: 1,
      misfit: null,
    });
    expect(await verifyExport(each(await exportFor(world.member.id)))).toMatchObject({
      entries: 6,
      hidden: 0,
      misfit: null,
    });
    expect(await verifyExport(each(await exportFor(world.admin.id, 4)))).toMatchObject({
      from: 5,
      to: 6,
      misfit: null,
    });
    expect(await verifyExport(each([]))).toMatchObject({ organizationId: null, entries: 0, misfit: null });
  });

  it('of which something was changed, left out or put in is found, and the line named', async () => {
    const other = 'org_other';
    const fault = (line: number, name: string) => ({ line, fault: name });

    expect(await misfitOf(changed(2, 'Reason 2', 'Reason 3'))).toEqual(fault(2, 'CHANGED'));
    expect(await misfitOf(changed(2, /"hash":"./, '"hash":"g'))).toEqual(fault(2, 'MALFORMED'));
    expect(await misfitOf(changed(2, /"hash":"[0-9a-f]{3}/, '"hash":"000'))).toEqual(fault(2, 'CHANGED'));
    expect(await misfitOf(changed(3, /"hash":"[0-9a-f]{3}/, '"hash":"000'))).toEqual(fault(4, 'UNCHAINED'));
    expect(await misfitOf(changed(1, '"previousHash":null', `"previousHash":"${'0'.repeat(64)}"`))).toEqual(
      fault(1, 'UNCHAINED'),
    );
    expect(await misfitOf(lines.toSpliced(3, 1))).toEqual(fault(4, 'MISSING'));
    expect(await misfitOf(lines.toSpliced(3, 0, lines[2] ?? ''))).toEqual(fault(4, 'MISSING'));
    expect(
      await misfitOf(changed(4, `"organizationId": "${world.organization.id}"`, `"organizationId": "${other}"`)),
    ).toEqual(fault(4, 'FOREIGN'));
    expect(await misfitOf(changed(4, '"number":4', '"number":5'))).toEqual(fault(4, 'MALFORMED'));
    expect(await misfitOf(lines.with(5, lines[5]?.slice(0, -4) ?? ''))).toEqual(fault(6, 'MALFORMED'));
    expect(await misfitOf(['null'])).toEqual(fault(1, 'MALFORMED'));
  });

  it('is verified by the command, from a file or the standard input, without a database', async () => {
    const folder = await ownFolder();
    const [whole, cut, empty] = [
      join(folder, 'whole.ndjson'),
      join(folder, 'cut.ndjson'),
      join(folder, 'empty.ndjson'),
    ];
    await writeFile(whole, `${lines.join('\n')}\n`);
    await writeFile(cut, lines.join('\n').slice(0, -20));

    await writeFile(empty, '');

    const [fits, broken, nothing, absent, both] = await Promise.all([
      run(['verify', '--file', whole]),
      run(['verify', '--file', cut, '--json']),
      run(['verify', '--file', empty]),
      run(['verify', '--file', join(folder, 'no')]),
      run(['verify', '--file', whole, '--organization', 'org_a']),
    ]);

    const { id } = world.organization;
    expect(fits).toEqual({
      code: 0,
      stdout: `Verified 6 entries, 1 to 6, of ${id}; 1 of them by their place alone, since their content is hidden: everything fits.\n`,
      stderr: '',
    });
    expect(broken.code).toBe(2);
    expect(JSON.parse(broken.stdout)).toMatchObject({ to: 5, misfit: { line: 6, fault: 'MALFORMED' } });
    expect(nothing).toEqual({ code: 1, stdout: '', stderr: 'There is no entry: nothing was verified.\n' });
    expect(absent).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/cannot be read \(ENOENT\)/) });
    expect(both).toMatchObject({ code: 1, stderr: expect.stringMatching(/^--file is verified alone/) });
  });
});
