import type { QuestionRow, ViewScores } from './ask-rows.ts';
import { CUTS, GAIN_CUTS, meanOf } from './metrics.ts';
import { bootstrapInterval, type Interval, signTest, type SignTest } from './statistics.ts';

/** Means over the questions of a view. */
export interface Figures {
  readonly questions: number;
  readonly recall: Readonly<Record<number, number>>;
  readonly any: Readonly<Record<number, number>>;
  readonly all: Readonly<Record<number, number>>;
  readonly gain: Readonly<Record<number, number>>;
  readonly reciprocalRank: number;
  /** Of the recall at 10, and of the discounted gain at 10. */
  readonly intervals: { readonly recallAt10: Interval; readonly gainAt10: Interval };
}

/** A row beside the whole of recall, question by question. */
export interface Comparison {
  readonly recallAt10: SignTest & { readonly difference: number };
  readonly gainAt10: SignTest & { readonly difference: number };
}

export function figuresOf(questions: readonly QuestionRow[], view: string, seed: number): Figures {
  const scores = scoresIn(questions, view);
  const means = (cuts: readonly number[], of: (each: ViewScores) => Readonly<Record<number, number>>) =>
    Object.fromEntries(cuts.map((cut) => [cut, meanOf(scores.map((each) => of(each)[cut] ?? NaN))]));
  return {
    questions: scores.length,
    recall: means(CUTS, ({ recall }) => recall),
    any: means(CUTS, ({ any }) => any),
    all: means(CUTS, ({ all }) => all),
    gain: means(GAIN_CUTS, ({ gain }) => gain),
    reciprocalRank: meanOf(scores.map(({ reciprocalRank }) => reciprocalRank)),
    intervals: { recallAt10: bootstrapInterval(scores.map(recallAt10), seed), gainAt10: bootstrapInterval(scores.map(gainAt10), seed) },
  };
}

/** The same by category, in the order of the data. */
export function figuresByCategory(questions: readonly QuestionRow[], view: string, seed: number): Readonly<Record<string, Figures>> {
  const counted = questions.filter((question) => view in question.views);
  const groups = Map.groupBy(counted, ({ category }) => category);
  return Object.fromEntries([...groups].map(([category, asked]) => [category, figuresOf(asked, view, seed)]));
}

export function comparisonOf(questions: readonly QuestionRow[], against: readonly QuestionRow[], view: string): Comparison {
  const other = new Map(against.map((question) => [`${question.unit}\n${question.id}`, question]));
  const pairs = questions.flatMap((question) => {
    const [mine, theirs] = [question.views[view], other.get(`${question.unit}\n${question.id}`)?.views[view]];
    return mine === undefined || theirs === undefined ? [] : [{ mine, theirs }];
  });
  const compare = (of: (scores: ViewScores) => number) => {
    const [mine, theirs] = [pairs.map((pair) => of(pair.mine)), pairs.map((pair) => of(pair.theirs))];
    return { ...signTest(mine, theirs), difference: meanOf(mine) - meanOf(theirs) };
  };
  return { recallAt10: compare(recallAt10), gainAt10: compare(gainAt10) };
}

/** Share of the questions about updates whose newer value stands first; null when there are none. */
export function newestFirstShare(questions: readonly QuestionRow[]): { readonly share: number; readonly questions: number } | null {
  const updates = questions.flatMap(({ newestFirst }) => newestFirst ?? []);
  return updates.length === 0 ? null : { share: meanOf(updates.map(Number)), questions: updates.length };
}

const scoresIn = (questions: readonly QuestionRow[], view: string): readonly ViewScores[] =>
  questions.flatMap(({ views }) => views[view] ?? []);
const recallAt10 = ({ recall }: ViewScores): number => recall[10] ?? NaN;
const gainAt10 = ({ gain }: ViewScores): number => gain[10] ?? NaN;
