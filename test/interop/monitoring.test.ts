import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { samplesOf } from '../kit/metrics.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { selectedBy } from './promql.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** What Prometheus itself adds to everything. */
const added = ['job', 'instance', 'le'];

const metrics = createMetrics();
const service = await startService({ metrics });
metrics.watch(service);
const exported = await scrape();

/** The labels of each metric, as a service tells them to which something has happened. */
async function scrape(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { organization, admin, stranger } = await service.aWorld();
  const organizationId = organization.id;
  await service.ask(UpdateSettings, { input: { organizationId, disabledModels: ['gpt-4o'] } }, { as: admin });
  const access = `{ modelAccess(organizationId: "${organizationId}", modelKey: "gpt-4o") { allowed } }`;
  for (const as of [admin, stranger]) await service.ask(access, {}, { as, once: true });
  const text = await metrics.text();
  metrics.close();

  const labels = new Map<string, Set<string>>();
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    for (const suffix of suffixes) labels.set(name + suffix, new Set(added));
  }
  for (const key of samplesOf(text).keys()) {
    const [, name = '', inside = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(key) ?? [];
    for (const [, label = ''] of inside.matchAll(/(\w+)="/g)) labels.get(name)?.add(label);
  }
  return labels;
}

/** What of an expression no service would answer. */
function faultsOf(expression: string): string[] {
  return selectedBy(expression).flatMap(({ metric, labels }) => {
    if (metric === 'up') return [];
    const known = exported.get(metric);
    if (!known) return [`${metric} is not exported`];
    return labels.filter((label) => !known.has(label)).map((label) => `${metric} has no label ${label}`);
  });
}

it('selectedBy finds metrics and labels, and refuses what is no PromQL', () => {
  expect(selectedBy('sum by (a) (rate(x_total{job="m",code!="A"}[5m])) / y > 0')).toEqual([
    { metric: 'x_total', labels: ['job', 'code'] },
    { metric: 'y', labels: [] },
  ]);
  expect(() => selectedBy('sum(rate(x[5m])')).toThrow('No PromQL');
});

describe('the rules of alerts', () => {
  const Rules = z.strictObject({
    groups: z.array(
      z.strictObject({
        name: z.string(),
        rules: z.array(
          z.strictObject({
            alert: z.string().regex(/^Modelgate[A-Z]\w+$/),
            expr: z.string(),
            for: z.string().regex(/^\d+[mh]$/),
            labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
            annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
          }),
        ),
      }),
    ),
  });
  const { groups } = Rules.parse(parse(read('deploy/prometheus/alerts.yaml')));
  const rules = groups.flatMap((group) => group.rules);

  it.each(rules)('ask for what is exported, and tell what to do: $alert', ({ alert, expr, annotations }) => {
    expect(faultsOf(expr)).toEqual([]);
    expect(selectedBy(expr).every(({ labels }) => labels.includes('job'))).toBe(true);
    expect(annotations.runbook).toBe(`docs/production.md#${alert.toLowerCase()}`);
    expect(read('docs/production.md')).toContain(`\n### ${alert}\n`);
  });

  it('have names of their own', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });
});

describe('the dashboard of Grafana', () => {
  const Panel = z.object({
    id: z.int(),
    type: z.enum(['row', 'timeseries', 'stat']),
    title: z.string().min(1),
    gridPos: z.strictObject({ h: z.int(), w: z.int(), x: z.int(), y: z.int() }),
    targets: z.array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string() })).default([]),
  });
  const { panels } = z
    .object({ uid: z.literal('modelgate'), title: z.string(), schemaVersion: z.int(), panels: z.array(Panel) })
    .parse(JSON.parse(read('deploy/grafana/modelgate.json')));

  it('asks for what is exported', () => {
    const expressions = panels.flatMap(({ targets }) =>
      targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '5m')),
    );

    expect(expressions.length).toBeGreaterThan(20);
    expect(expressions.flatMap(faultsOf)).toEqual([]);
  });

  it('shows every metric of the service', () => {
    const shown = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n');
    const names = [...exported.keys()].filter((name) => /^modelgate_|^http_/.test(name));

    expect(names.filter((name) => !shown.includes(name.replace(/_(bucket|sum|count)$/, '')))).toEqual([]);
  });

  it('has panels beside each other, each with an id of its own and something in it', () => {
    const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    );

    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { type, targets } of panels) expect(targets.length > 0).toBe(type !== 'row');
  });
});
