import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment, variableNames } from '../../src/environment/environment.ts';

const textOf = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

/** In which every variable has an effect. */
const surroundings = {
  DATABASE_URL: 'postgresql://modelgate:secret@db.internal/modelgate',
  AUTH_ISSUER: 'https://auth.example',
  AUTH_CLIENT_ID: 'pages',
  MASTER_KEYS: `2026:${randomBytes(32).toString('base64')}`,
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.internal:4318',
  SUBGRAPH_HMAC_SECRET: 's'.repeat(32),
};
const read = (given: Record<string, string>) => readEnvironment({ ...surroundings, ...given });

interface Row {
  name: string;
  /** Absent where it is told in words. */
  value?: string;
  range?: { from: number; to: number };
  choices: string[];
}

/** The rows of all tables of variables. */
function documented(): Row[] {
  const tables = textOf('docs/configuration.md').matchAll(/^\| variable \|.*\n\| ---.*\n((?:\|.*\n)+)/gm);
  return [...tables].flatMap(([table, rows = '']) => {
    const column = table.split('\n', 1)[0]?.split(' | ').indexOf('values') ?? -1;
    return rows
      .trim()
      .split('\n')
      .map((row) => {
        const cells = row.replace(/^\| /, '').split(' | ');
        const values = cells[column] ?? '';
        const [, name = ''] = /^`(\w+)`$/.exec(cells[0] ?? '') ?? [];
        const [, value] = /^`([^`]+)`$/.exec(cells[1] ?? '') ?? [];
        const [, from, to] = /^(\d+) to (\d+)$/.exec(values) ?? [];
        const choices = [...values.matchAll(/`([^`]+)`/g)].map(([, choice = '']) => choice);
        return {
          name,
          choices,
          // A default may be another variable.
          ...(value === undefined || variableNames.includes(value) ? {} : { value }),
          ...(from === undefined ? {} : { range: { from: Number(from), to: Number(to) } }),
        };
      });
  });
}

describe('docs/configuration.md', () => {
  const rows = documented();
  const defaults = rows.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
  const ranges = rows.flatMap(({ name, range }) => (range ? [{ name, ...range }] : []));
  const choices = rows.filter((row) => row.choices.length > 0);

  it('has every variable, once, and no other', () => {
    expect(rows.map(({ name }) => name).toSorted()).toEqual(variableNames.toSorted());
  });

  it('gives the defaults that hold where a variable is absent', () => {
    expect(defaults.length).toBeGreaterThan(40);
    for (const { name, value } of defaults) expect(read({ [name]: value }), name).toEqual(read({}));
  });

  it('gives ranges whose ends are accepted, and no number beyond them', () => {
    expect(ranges.length).toBeGreaterThan(30);
    for (const { name, from, to } of ranges) {
      expect(read({ [name]: String(to) }), name).not.toEqual(read({ [name]: String(from) }));
      expect(() => read({ [name]: String(to + 1) }), name).toThrow(name);
      expect(() => read({ [name]: String(from - 1) }), name).toThrow(name);
    }
  });

  it('names values that are accepted, of variables that have a few', () => {
    expect(choices.length).toBeGreaterThan(7);
    for (const { name, choices: values } of choices) {
      // Two presets require an audience.
      const audience = name === 'AUTH_PRESET' ? { AUTH_AUDIENCE: 'modelgate' } : {};
      for (const value of values) expect(() => read({ ...audience, [name]: value }), name).not.toThrow();
    }
  });
});

describe('.env.example', () => {
  const shown = [...textOf('.env.example').matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => ({
    name,
    value,
  }));

  it('shows every variable, once, and sets none', () => {
    expect(shown.map(({ name }) => name).toSorted()).toEqual(variableNames.toSorted());
    expect(
      textOf('.env.example')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#')),
    ).toEqual([]);
  });

  it('has examples that are accepted as they are, but for those of keys', () => {
    for (const { name, value } of shown) {
      if (name === 'MASTER_KEYS' || name === 'LEDGER_SIGNING_KEY') continue;
      const { AUTH_ISSUER: _, ...others } = surroundings;
      const given = name === 'AUTH_ISSUERS' ? others : surroundings;
      expect(() => readEnvironment({ ...given, [name]: value }), name).not.toThrow();
    }
    expect(() => read(Object.fromEntries(shown.map(({ name, value }) => [name, value])))).toThrow('MASTER_KEYS');
  });
});
