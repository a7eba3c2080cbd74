import type { Measurement } from './measure.ts';
import type { Scenario } from './processes/question.ts';
import type { Measurements, Row } from './rounds.ts';
import { scenarios } from './scenario.ts';

/** The middle one; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** CPU of a request in µs, the median of the rounds. */
export function cpuOf(measurements: Measurements, scenario: Scenario, row: Row): number {
  return median((measurements.get(scenario)?.get(row) ?? []).map(({ cpu }) => cpu));
}

/** A table in Markdown, which a terminal shows as well: for each scenario and contender the medians of the rounds. */
export function tableOf(measurements: Measurements): string {
  const head = [
    'scenario',
    'contender',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'CPU µs',
    'from–to',
    'RSS MB',
    'warm is',
    'cold is',
    'first is',
  ];
  const rows = [...measurements].flatMap(([scenario, byContender]) =>
    [...byContender].map(([row, rounds]) => rowOf(measurements, scenario, row, rounds)),
  );
  return format([head, ...rows]);
}

function rowOf(measurements: Measurements, scenario: Scenario, row: Row, rounds: readonly Measurement[]) {
  const of = (figure: (measurement: Measurement) => number) => median(rounds.map(figure));
  const cpus = rounds.map(({ cpu }) => cpu);
  const beside = (other: Row) => {
    const ratio = cpuOf(measurements, scenario, row) / cpuOf(measurements, scenario, other);
    return row === other || row === 'modelgate' || Number.isNaN(ratio) ? '' : `${ratio.toFixed(2)} ×`;
  };
  return [
    scenario,
    row,
    of(({ requests, seconds }) => requests / seconds).toFixed(0),
    of(({ p50 }) => p50).toFixed(1),
    of(({ p99 }) => p99).toFixed(1),
    of(({ cpu }) => cpu).toFixed(0),
    `${Math.min(...cpus).toFixed(0)}–${Math.max(...cpus).toFixed(0)}`,
    of(({ rss }) => rss / 1e6).toFixed(0),
    beside('modelgate'),
    beside('modelgate, cold'),
    beside('modelgate, first'),
  ];
}

/** What the scenarios of a table are. */
export function legendOf(measurements: Measurements): string {
  return [...measurements.keys()].map((name) => `- \`${name}\`: ${scenarios[name].title}`).join('\n');
}

/** Rows as Markdown, the first of them the head; figures are set to the right. */
export function format(rows: readonly (readonly string[])[]): string {
  const [head = [], ...others] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const isFigure = head.map((_, column) => others.every((row) => /^[\d.–]*( ×| MB| ms)?$/.test(row[column] ?? '')));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (isFigure[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => `${'-'.repeat(width + 1)}${isFigure[column] ? ':' : '-'}`).join('|')}|`;
  return [line(head), rule, ...others.map(line)].join('\n');
}
