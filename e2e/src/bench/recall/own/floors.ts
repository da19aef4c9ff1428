import type { ForeignFigures } from '../plain-searches.ts';
import type { Figures } from '../row-figures.ts';

/** What recall reaches on our own dialogues, less a little: a change that falls below has broken something. */
export const FLOORS = {
  recallAt5: 0.85,
  recallAt10: 0.95,
  anyAt10: 0.95,
  gainAt5: 0.74,
  /** Of ten questions about what has changed. */
  newestFirst: 0.6,
} as const;

/** Share of other people's questions that may get anything. */
export const MOST_INJECTED = 0.06;

/** The figures a row is held to. */
export interface Held {
  readonly figures: Pick<Figures, 'recall' | 'any' | 'gain'>;
  /** Null: nothing that changed was asked for. */
  readonly newestFirst: { readonly share: number } | null;
  /** Null: no questions of others were asked. */
  readonly foreign: Pick<ForeignFigures, 'injectedShare'> | null;
}

/** What lies below its floor, in words; empty: recall is as good as it was. */
export function brokenFloors({ figures: { recall, any, gain }, newestFirst, foreign }: Held): readonly string[] {
  const figures: readonly (readonly [name: string, value: number, floor: number])[] = [
    ['rec@5', recall[5] ?? NaN, FLOORS.recallAt5],
    ['rec@10', recall[10] ?? NaN, FLOORS.recallAt10],
    ['any@10', any[10] ?? NaN, FLOORS.anyAt10],
    ['NDCG@5', gain[5] ?? NaN, FLOORS.gainAt5],
    ...(newestFirst === null ? [] : [['newest first', newestFirst.share, FLOORS.newestFirst] as const]),
  ];
  // A figure that is no number is no pass.
  const low = figures
    .filter(([, value, floor]) => !(value >= floor))
    .map(([name, value, floor]) => `${name} is ${value.toFixed(3)}, below ${floor}`);
  if (foreign === null || foreign.injectedShare <= MOST_INJECTED) return low;
  return [...low, `${(100 * foreign.injectedShare).toFixed(1)} % of other people's questions got anything, above ${100 * MOST_INJECTED} %`];
}
