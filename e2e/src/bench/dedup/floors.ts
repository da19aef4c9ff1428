import type { Family } from './case.ts';
import { type Share, shareOf } from './interval.ts';
import type { Measure, Outcome } from './outcome.ts';

/** The figure that recall has a part in: where a question shares no word with what it asks for, words alone find nothing. */
export const FIRST_IN_SEARCH = 'current value first in search';

/** One figure over several families, with what it must reach. */
export interface Floor {
  readonly name: string;
  readonly families: readonly Family[] | 'all';
  readonly measure: Measure;
  readonly atLeast?: number;
  readonly atMost?: number;
}

const HARD: readonly Family[] = ['negation', 'other person', 'number', 'date', 'unit', 'used to', 'two items', 'intervals'];
const CHANGES: readonly Family[] = ['supersession', 'drift', 'late arrival', 'equal times'];

/** The aims without a model. */
export const FLOORS: readonly Floor[] = [
  { name: 'repeats and variants collapsed', families: ['repeat', 'variant'], measure: 'collapsed', atLeast: 1 },
  { name: 'paraphrase and subset collapsed', families: ['paraphrase', 'subset', 'superset'], measure: 'collapsed', atLeast: 0.6 },
  { name: 'false merges on hard negatives', families: HARD, measure: 'falselyMerged', atMost: 0.005 },
  { name: 'current value', families: CHANGES, measure: 'current', atLeast: 0.95 },
  { name: FIRST_IN_SEARCH, families: CHANGES, measure: 'currentFirst', atLeast: 0.95 },
  { name: 'stale leak', families: CHANGES, measure: 'staleLeak', atMost: 0 },
  { name: 'restated after deletion', families: ['deletion'], measure: 'restated', atLeast: 1 },
  { name: 'delete leak', families: ['deletion', 'one of two erased'], measure: 'deleteLeak', atMost: 0 },
  { name: 'cross-user leak', families: 'all', measure: 'crossLeak', atMost: 0 },
];

export interface Reached extends Floor {
  readonly share: Share | null;
  readonly met: boolean;
}

/** Where the outcomes stand against the floors; what was not tested at all misses its floor. */
export const against = (floors: readonly Floor[], outcomes: readonly Outcome[]): readonly Reached[] =>
  floors.map((floor) => {
    const share = shareOfMeasure(
      outcomes.filter((outcome) => floor.families === 'all' || floor.families.includes(outcome.case.family)),
      floor.measure,
    );
    const met = share !== null && share.share >= (floor.atLeast ?? 0) && share.share <= (floor.atMost ?? 1);
    return { ...floor, share, met };
  });

/** How often a measure was true among what was tested. */
export function shareOfMeasure(outcomes: readonly Outcome[], measure: Measure): Share | null {
  const values = outcomes.flatMap(({ tested, measures }) => (tested && measures[measure] !== undefined ? [measures[measure]] : []));
  return shareOf(values.filter(Boolean).length, values.length);
}
