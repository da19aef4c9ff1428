/** Where lists are cut. */
export const CUTS = [1, 5, 10, 20, 50] as const;
/** Cuts of the discounted gain. */
export const GAIN_CUTS = [5, 10] as const;

/** How well one ranked list answers one question. */
export interface Scores {
  /** Share of the gold that the first k hold. */
  readonly recall: Readonly<Record<number, number>>;
  /** 1 when the first k hold any of it. */
  readonly any: Readonly<Record<number, number>>;
  /** 1 when they hold all of it. */
  readonly all: Readonly<Record<number, number>>;
  readonly gain: Readonly<Record<number, number>>;
  /** One over the place of the first item that holds any; 0 when none does. */
  readonly reciprocalRank: number;
}

/**
 * Scores a ranked list of items, each of which stands for the turns it was drawn from. `k` counts items, as a prompt does; what an
 * earlier item has brought already counts once.
 *
 * @throws Error for a question without gold, which has no score.
 */
export function scoresOf(ranked: readonly (readonly string[])[], gold: readonly string[]): Scores {
  const wanted = new Set(gold);
  if (wanted.size === 0) throw new Error('a question without gold has no score');
  const brought = newlyBrought(ranked, wanted);
  const found = (cut: number): number => sum(brought.slice(0, cut));
  const first = brought.findIndex((count) => count > 0);
  return {
    recall: byCut(CUTS, (cut) => found(cut) / wanted.size),
    any: byCut(CUTS, (cut) => (found(cut) > 0 ? 1 : 0)),
    all: byCut(CUTS, (cut) => (found(cut) === wanted.size ? 1 : 0)),
    gain: byCut(GAIN_CUTS, (cut) => discountedGain(brought, wanted.size, cut)),
    reciprocalRank: first < 0 ? 0 : 1 / (first + 1),
  };
}

/** The place of each gold turn, from 1; null: it was not returned. */
export const ranksOf = (ranked: readonly (readonly string[])[], gold: readonly string[]): readonly (number | null)[] =>
  gold.map((id) => {
    const place = ranked.findIndex((ids) => ids.includes(id));
    return place < 0 ? null : place + 1;
  });

/** Sessions in the order of the best item of each, every one once. */
export function sessionsOf(ranked: readonly (readonly string[])[], sessionOf: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const sessions = new Set(ranked.flat().flatMap((turn) => sessionOf.get(turn) ?? []));
  return [...sessions].map((session) => [session]);
}

/** Whether the best item of the newer value stands before every one of the older. */
export function isNewestFirst(
  ranked: readonly (readonly string[])[],
  { newer, older }: { readonly newer: readonly string[]; readonly older: readonly string[] },
): boolean {
  const best = (ids: readonly string[]): number => {
    const place = ranked.findIndex((sources) => sources.some((id) => ids.includes(id)));
    return place < 0 ? Infinity : place;
  };
  return best(newer) < best(older.filter((id) => !newer.includes(id)));
}

/** How many gold turns each item brings that no earlier one had. */
function newlyBrought(ranked: readonly (readonly string[])[], wanted: ReadonlySet<string>): readonly number[] {
  const seen = new Set<string>();
  return ranked.map((ids) => {
    const before = seen.size;
    for (const id of ids) if (wanted.has(id)) seen.add(id);
    return seen.size - before;
  });
}

/** Discount log2(place + 1); the ideal has one gold turn per item. An item that holds several cannot lift it above 1. */
function discountedGain(brought: readonly number[], goldCount: number, cut: number): number {
  const gained = sum(brought.slice(0, cut).map((count, index) => count / Math.log2(index + 2)));
  const ideal = sum(Array.from({ length: Math.min(cut, goldCount) }, (_, index) => 1 / Math.log2(index + 2)));
  return Math.min(1, gained / ideal);
}

const byCut = (cuts: readonly number[], value: (cut: number) => number): Readonly<Record<number, number>> =>
  Object.fromEntries(cuts.map((cut) => [cut, value(cut)]));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The mean of many; NaN of none. */
export const meanOf = (values: readonly number[]): number => (values.length === 0 ? NaN : sum(values) / values.length);
