import { randomFrom } from '../../trials/random.ts';
import type { Judgement } from './judge.ts';

/** A share with what is found in 95 of 100 samples of as many dialogues. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ExtractFigures {
  readonly dialogues: number;
  readonly gold: number;
  readonly memories: number;
  /** Right memories among the ones that count. */
  readonly precision: Share;
  /** Found gold among all. */
  readonly recall: Share;
  /** Invented memories among the ones that count. */
  readonly inventionRate: Share;
  readonly wrong: number;
  readonly inventions: number;
  readonly attributionErrors: number;
  readonly dated: number;
  readonly dateErrors: number;
  readonly kindErrors: number;
}

const SAMPLES = 1_000;
const SEED = 6;

const sum = (judgements: readonly Judgement[], count: (judgement: Judgement) => number): number =>
  judgements.reduce((total, judgement) => total + count(judgement), 0);

interface Ratio {
  readonly part: (judgement: Judgement) => number;
  readonly whole: (judgement: Judgement) => number;
  /** Where there is nothing to divide by. */
  readonly ofNothing: number;
}

const ratioIn = (judgements: readonly Judgement[], { part, whole, ofNothing }: Ratio): number => {
  const all = sum(judgements, whole);
  return all === 0 ? ofNothing : sum(judgements, part) / all;
};

function shareOf(judgements: readonly Judgement[], ratio: Ratio): Share {
  const random = randomFrom(SEED);
  const samples = Array.from({ length: SAMPLES }, () =>
    ratioIn(
      judgements.map((own) => judgements[Math.floor(random() * judgements.length)] ?? own),
      ratio,
    ),
  ).sort((one, other) => one - other);
  const at = (share: number): number => samples[Math.floor(share * (SAMPLES - 1))] ?? 0;
  return { value: ratioIn(judgements, ratio), low: at(0.025), high: at(0.975) };
}

const counted = ({ counted: memories }: Judgement): number => memories;

/** Totals over dialogues. */
export function figuresOf(judgements: readonly Judgement[]): ExtractFigures {
  const goldIn = ({ dialogue }: Judgement): number => dialogue.gold.length;
  return {
    dialogues: judgements.length,
    gold: sum(judgements, goldIn),
    memories: sum(judgements, counted),
    precision: shareOf(judgements, { part: ({ right }) => right, whole: counted, ofNothing: 1 }),
    recall: shareOf(judgements, { part: ({ found }) => found.length, whole: goldIn, ofNothing: 1 }),
    inventionRate: shareOf(judgements, { part: ({ invented }) => invented.length, whole: counted, ofNothing: 0 }),
    wrong: sum(judgements, ({ wrong }) => wrong.length),
    inventions: sum(judgements, ({ invented }) => invented.length),
    attributionErrors: sum(judgements, ({ misattributed }) => misattributed.length),
    dated: sum(judgements, ({ dated }) => dated),
    dateErrors: sum(judgements, ({ misdated }) => misdated.length),
    kindErrors: sum(judgements, ({ misfiled }) => misfiled.length),
  };
}
