import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { withMetricsTable } from './document-metrics.ts';
import { type MetricDefinition, METRICS } from './metric-definitions.ts';
import { Metrics } from './metrics.ts';

const read = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}
interface Panel {
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const rules = (parse(read('deploy/prometheus/continuo-rules.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const panels = (JSON.parse(read('deploy/grafana/continuo.json')) as { panels: Panel[] }).panels;
const page = read('docs/operations.md');

/** Labels that Prometheus itself gives everything it scrapes. */
const SCRAPED = ['instance'];
const QUERIES = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
];

/** What a query asks for: the series it names, the labels it chooses among, and those it groups by. */
function namedIn(query: string) {
  const bare = query.replaceAll(/"[^"]*"/gu, '""');
  const matched = [...bare.matchAll(/([a-z_]\w*)\{([^}]*)\}/gu)].map(([, series = '', matchers = '']) => ({
    series,
    labels: matchers.split(',').map((matcher) => /^\s*(\w+)/u.exec(matcher)?.[1] ?? ''),
  }));
  const grouped = [...bare.matchAll(/\b(?:by|without)\s*\(([^)]*)\)/gu)].flatMap(([, labels = '']) =>
    labels.split(',').map((label) => label.trim()),
  );
  const rest = bare.replaceAll(/\{[^}]*\}|\[[^\]]*\]|\b(?:by|without)\s*\([^)]*\)/gu, ' ');
  const series = [...rest.matchAll(/(?<![\w.$])[a-z_]\w*(?!\w|\s*\()/gu)].map(([name]) => name);
  return { matched, grouped, series };
}

/** Every series that `/metrics` can show, with its labels. */
async function shownSeries(): Promise<ReadonlyMap<string, readonly string[]>> {
  const labels = new Map(Object.values(METRICS).map((metric: MetricDefinition) => [metric.name, metric.labels]));
  const text = await new Metrics({ processDetails: true }).text();
  const series = new Map<string, readonly string[]>();
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gmu)) {
    const own = labels.get(name) ?? [];
    if (type !== 'histogram') series.set(name, own);
    else for (const suffix of ['_bucket', '_sum', '_count']) series.set(name + suffix, suffix === '_bucket' ? [...own, 'le'] : own);
  }
  return series;
}

describe('rules and dashboard', () => {
  it.each(QUERIES)('ask for what /metrics shows: %s: %s', async (_where, query) => {
    const shown = await shownSeries();
    const { matched, grouped, series } = namedIn(query);

    expect(series.length).toBeGreaterThan(0);
    for (const name of series) {
      expect([...shown.keys()]).toContain(name);
      for (const label of grouped) expect([...(shown.get(name) ?? []), ...SCRAPED]).toContain(label);
    }
    for (const { series: name, labels } of matched)
      for (const label of labels) expect([...(shown.get(name) ?? []), ...SCRAPED]).toContain(label);
  });

  it('read counters and histograms as rates and gauges as they are', () => {
    for (const [where, query] of QUERIES) {
      for (const { name, type } of Object.values(METRICS) as MetricDefinition[]) {
        for (const [, before = ''] of query.matchAll(new RegExp(`(\\w*\\(?)${name}(?!_(?!bucket|sum|count))`, 'gu')))
          expect([where, name, /^(?:rate|increase)\($/u.test(before)]).toEqual([where, name, type !== 'gauge']);
      }
    }
  });
});

describe('rules', () => {
  it('say how bad it is, for how long, and what is wrong', () => {
    for (const rule of rules) {
      expect(rule.alert).toMatch(/^Continuo[A-Z]\w+$/u);
      expect(rule.for).toMatch(/^\d+m$/u);
      expect(['critical', 'warning']).toContain(rule.labels.severity);
      expect(rule.annotations.summary).not.toBe('');
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });
});

describe('the dashboard', () => {
  it('lays its panels out side by side', () => {
    for (const [place, { title, gridPos }] of panels.entries()) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      const covered = panels.slice(0, place).filter((other) => {
        const { x, y, w, h } = other.gridPos;
        return gridPos.x < x + w && x < gridPos.x + gridPos.w && gridPos.y < y + h && y < gridPos.y + gridPos.h;
      });
      expect([title, covered.map((other) => other.title)]).toEqual([title, []]);
    }
  });

  it('shows every figure of our own', () => {
    const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n');
    for (const { name } of Object.values(METRICS)) expect(queries).toContain(name);
  });
});

describe('docs/operations.md', () => {
  it('holds the table of metrics as it is generated', () => {
    expect(page).toBe(withMetricsTable(page));
  });

  it('says what to do about exactly the alerts there are', () => {
    const documented = [...page.matchAll(/^\| `(Continuo\w+)` \|/gmu)].map(([, name = '']) => name);
    expect(documented.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  });
});
