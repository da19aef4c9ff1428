import { tableOf } from '../table.ts';
import { FAMILIES } from './case.ts';
import { against, FLOORS, type Reached, shareOfMeasure } from './floors.ts';
import type { Share } from './interval.ts';
import { type Measure, MEASURES, type Outcome } from './outcome.ts';

/** What was in effect while the cases were tried. */
export interface DedupConfiguration {
  readonly commit: string;
  readonly date: string;
  readonly mode: string;
  readonly seed: number;
  readonly cases: number;
  readonly embedder: string;
  readonly extraction: string;
  readonly seconds: number;
}

export interface DedupReport {
  readonly configuration: DedupConfiguration;
  readonly outcomes: readonly Outcome[];
}

export const reachedBy = ({ outcomes }: DedupReport): readonly Reached[] => against(FLOORS, outcomes);

const WORDS: Readonly<Record<Measure, string>> = {
  collapsed: 'collapsed',
  falselyMerged: 'false merge',
  current: 'current value',
  found: 'search finds any',
  currentFirst: 'first in search',
  staleLeak: 'stale leak',
  restated: 'restated',
  deleteLeak: 'delete leak',
  crossLeak: 'cross-user leak',
};

const percent = (value: number): string => (value * 100).toFixed(1);
const range = ({ low, high }: Share): string => `${percent(low)}-${percent(high)}`;

/** Three tables: the figures with their aims, each family in each language, and what was in effect. */
export function printableDedup(report: DedupReport): string {
  const { configuration } = report;
  const effective = Object.entries(configuration).map(([name, value]) => `${name}: ${value}`);
  return [...aims(report), '', ...families(report), '', effective.join(' · ')].join('\n');
}

const aims = (report: DedupReport): readonly string[] =>
  tableOf(
    ['figure', 'n', '%', '95 %', 'aim', ''],
    reachedBy(report).map(({ name, share, atLeast, atMost, met }) => [
      name,
      String(share?.count ?? 0),
      share === null ? '' : percent(share.share),
      share === null ? '' : range(share),
      atLeast === undefined ? `<= ${percent(atMost ?? 1)}` : `>= ${percent(atLeast)}`,
      met ? 'met' : 'MISSED',
    ]),
    [0, 5],
  );

function families({ outcomes }: DedupReport): readonly string[] {
  const rows = FAMILIES.flatMap((family) =>
    (['en', 'zh'] as const).flatMap((language) => {
      const here = outcomes.filter((outcome) => outcome.case.family === family && outcome.case.language === language);
      const untested = here.filter(({ tested }) => !tested).length;
      const measures = MEASURES.filter((measure) => measure !== 'crossLeak' || family === 'one of two erased');
      return measures.flatMap((measure) => {
        const share = shareOfMeasure(here, measure);
        if (share === null) return [];
        const notExtracted = percent(untested / here.length);
        return [[family, language, WORDS[measure], String(share.count), percent(share.share), range(share), notExtracted]];
      });
    }),
  );
  return tableOf(['family', 'language', 'measure', 'n', '%', '95 %', 'not extracted %'], rows, [0, 1, 2]);
}

/** What went wrong, one line a case; the texts are the generator's own. */
export const printableFailures = (outcomes: readonly Outcome[]): string =>
  outcomes
    .map(({ case: each, tested, measures, memories }) => {
      const wrong = Object.entries(measures).map(([measure, value]) => `${measure}=${value}`);
      const said = each.said.map(({ text, atMs }) => `${new Date(atMs).toISOString().slice(0, 10)} ${JSON.stringify(text)}`).join(' | ');
      return `${each.family} ${each.language} [${each.of}] ${tested ? wrong.join(' ') : 'NOT EXTRACTED'}: ${said} => ${JSON.stringify(memories)}`;
    })
    .join('\n');
