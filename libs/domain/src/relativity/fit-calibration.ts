import { passageOf } from '../documents.ts';
import type { DocumentContent } from '../memory.ts';
import { CALIBRATION_TEXTS } from './calibration-texts.data.ts';
import { logistic, type ScriptPair } from './calibrations.ts';
import { analyseQuery } from './query-analysis.ts';
import { scoreCandidates } from './score.ts';
import { DEFAULT_MIN_RELATIVITY, type CosineScale, type EmbedderCalibration, type RecallCandidate } from './types.ts';

/** For each of the calibration texts one query and one passage, in their order: the texts to embed, and likewise their vectors. */
export interface OfCalibrationTexts<Value> {
  readonly queries: readonly Value[];
  readonly passages: readonly Value[];
}

/** What is embedded to calibrate an embedder: the English texts, then the Chinese. */
export const calibrationInput = (): OfCalibrationTexts<string> => ({
  queries: inBothLanguages(0),
  passages: documents().map(passageOf),
});

const inBothLanguages = (place: 0 | 1): readonly string[] => [
  ...CALIBRATION_TEXTS.map(({ en }) => en[place]),
  ...CALIBRATION_TEXTS.map(({ zh }) => zh[place]),
];

/** Pairs whose cosines lie from here to the next band, and how many of them belong together. */
export interface CosineBand {
  readonly from: number;
  readonly pairs: number;
  readonly belonging: number;
  /** What the fitted scale says of the middle of the band. */
  readonly fitted: number;
}

export interface FittedScale {
  readonly scale: CosineScale;
  readonly pairs: number;
  readonly belonging: number;
  /** Mean squared error of the fitted scale, weighed as it was fitted: 0 is perfect. */
  readonly brier: number;
  readonly curve: readonly CosineBand[];
}

/** Of the questions, at the default relativity. */
export interface RecallShares {
  /** That bring something from what another user told. */
  readonly falseInjection: number;
  /** Whose answer is brought from what their own user told. */
  readonly recalled: number;
}

export interface CalibrationFit {
  readonly calibration: EmbedderCalibration;
  readonly scales: Readonly<Record<ScriptPair, FittedScale>>;
  readonly byWords: RecallShares;
  readonly withVectors: RecallShares;
}

interface Pair {
  readonly cosine: number;
  readonly belongs: boolean;
}

/** All pairs that do not belong together weigh so many times all those that do: most of a store has nothing to do with a question. */
const OTHERS_WEIGH = 20;

/** Reads from the vectors of {@link calibrationInput} where an embedder's cosines lie. @throws RangeError when vectors are missing. */
export function fitCalibration(vectors: OfCalibrationTexts<Float32Array>): CalibrationFit {
  const expected = 2 * COUNT;
  if (vectors.queries.length !== expected || vectors.passages.length !== expected)
    throw new RangeError(`a calibration needs ${expected} queries and as many passages`);
  const cosines = vectors.queries.map((query) => vectors.passages.map((passage) => cosineOf(query, passage)));
  const scales = {
    words: fitScale(pairsOf(cosines, 'words')),
    runs: fitScale(pairsOf(cosines, 'runs')),
    across: fitScale(pairsOf(cosines, 'across')),
  };
  const calibration = { words: scales.words.scale, runs: scales.runs.scale, across: scales.across.scale };
  return { calibration, scales, byWords: recallOf(null, calibration), withVectors: recallOf(cosines, calibration) };
}

const COUNT = CALIBRATION_TEXTS.length;
const isInRuns = (place: number): boolean => place >= COUNT;
const scriptPair = (query: number, passage: number): ScriptPair =>
  isInRuns(query) !== isInRuns(passage) ? 'across' : isInRuns(query) ? 'runs' : 'words';

const pairsOf = (cosines: readonly (readonly number[])[], wanted: ScriptPair): readonly Pair[] =>
  cosines.flatMap((row, query) =>
    row.flatMap((cosine, passage) =>
      scriptPair(query, passage) === wanted ? [{ cosine, belongs: query % COUNT === passage % COUNT }] : [],
    ),
  );

/** Weighed pairs, their cosines counted in standard deviations from the mean, so that any embedder's are fitted alike. */
interface Counted {
  readonly at: number;
  readonly belongs: boolean;
  readonly weight: number;
}

/** A logistic regression on one number. */
function fitScale(pairs: readonly Pair[]): FittedScale {
  const belonging = pairs.filter(({ belongs }) => belongs).length;
  const weightOf = ({ belongs }: Pair): number => (belongs ? 1 / belonging : OTHERS_WEIGH / (pairs.length - belonging));
  const mean = pairs.reduce((sum, { cosine }) => sum + cosine, 0) / pairs.length;
  const deviation = Math.sqrt(pairs.reduce((sum, { cosine }) => sum + (cosine - mean) ** 2, 0) / pairs.length) || 1;
  const { offset, slope } = regression(
    pairs.map((pair) => ({ at: (pair.cosine - mean) / deviation, belongs: pair.belongs, weight: weightOf(pair) })),
  );
  // Of an embedder that tells nothing apart the midpoint would lie beyond all cosines.
  const midpoint = Math.min(1, mean - (offset / slope) * deviation);
  const scale = { midpoint: rounded(midpoint), spread: Math.max(LEAST_SPREAD, rounded((mean - midpoint) / offset)) };
  const error = pairs.reduce((sum, pair) => sum + weightOf(pair) * (logistic(pair.cosine, scale) - Number(pair.belongs)) ** 2, 0);
  return { scale, pairs: pairs.length, belonging, brier: error / (1 + OTHERS_WEIGH), curve: curveOf(pairs, scale) };
}

const LEAST_SPREAD = 0.0001;
const LEAST_SLOPE = 0.1;
const ROUNDS = 200;
const CONVERGED = 1e-6;
/** A step of Newton's method overshoots where all probabilities are near 0 or 1. */
const LONGEST_STEP = 1;
/** Keeps the slope finite where nothing is confused: the weight of a slope's square against that of all pairs. */
const RIDGE = 0.002;

function regression(pairs: readonly Counted[]): { readonly offset: number; readonly slope: number } {
  let [offset, slope] = [-Math.log(OTHERS_WEIGH), 1];
  for (let round = 0; round < ROUNDS; round += 1) {
    const step = newtonStep(pairs, offset, slope);
    const share = Math.min(1, LONGEST_STEP / Math.max(Math.abs(step.offset), Math.abs(step.slope)));
    offset += share * step.offset;
    slope += share * step.slope;
    if (Math.abs(step.offset) + Math.abs(step.slope) < CONVERGED) break;
  }
  return { offset, slope: Math.max(LEAST_SLOPE, slope) };
}

function newtonStep(pairs: readonly Counted[], offset: number, slope: number): { readonly offset: number; readonly slope: number } {
  let [gradientOffset, gradientSlope, offsets, both, slopes] = [0, -RIDGE * slope, RIDGE, 0, RIDGE];
  for (const { at, belongs, weight } of pairs) {
    const probability = 1 / (1 + Math.exp(-offset - slope * at));
    const missing = weight * (Number(belongs) - probability);
    const curvature = weight * probability * (1 - probability);
    gradientOffset += missing;
    gradientSlope += missing * at;
    offsets += curvature;
    both += curvature * at;
    slopes += curvature * at * at;
  }
  const determinant = offsets * slopes - both * both;
  return {
    offset: (slopes * gradientOffset - both * gradientSlope) / determinant,
    slope: (offsets * gradientSlope - both * gradientOffset) / determinant,
  };
}

const rounded = (value: number): number => Number(value.toFixed(4));

const BANDS = 10;

function curveOf(pairs: readonly Pair[], scale: CosineScale): readonly CosineBand[] {
  const least = Math.min(...pairs.map(({ cosine }) => cosine));
  const width = (Math.max(...pairs.map(({ cosine }) => cosine)) - least) / BANDS;
  return Array.from({ length: BANDS }, (_, band) => {
    const from = least + band * width;
    const within = pairs.filter(({ cosine }) => cosine >= from && (band === BANDS - 1 || cosine < from + width));
    return {
      from,
      pairs: within.length,
      belonging: within.filter(({ belongs }) => belongs).length,
      fitted: logistic(from + width / 2, scale),
    };
  });
}

/** Asks each question of the store of another user, who told what belongs to other questions, and of its own user's. */
function recallOf(cosines: readonly (readonly number[])[] | null, calibration: EmbedderCalibration): RecallShares {
  const stored = documents();
  const outcomes = inBothLanguages(0).map((text, query) => {
    const told = stored.flatMap((document, passage): readonly RecallCandidate[] =>
      scriptPair(query, passage) === 'across'
        ? []
        : [{ document, lexical: null, cosine: cosines?.[query]?.[passage] ?? null, overlay: false }],
    );
    const analysis = analyseQuery(text);
    const brought = (ofAnother: boolean): readonly string[] =>
      scoreCandidates(
        analysis,
        told.filter(({ document }) => isOfAnother(query, Number(document.id)) === ofAnother),
        { now: LAST_DAY, conversationId: null, timeWindow: null, calibration },
      )
        .filter(({ relativity }) => relativity >= DEFAULT_MIN_RELATIVITY)
        .map(({ document }) => document.id);
    return { isFalse: brought(true).length > 0, isRecalled: brought(false).includes(String(query)) };
  });
  return {
    falseInjection: outcomes.filter(({ isFalse }) => isFalse).length / outcomes.length,
    recalled: outcomes.filter(({ isRecalled }) => isRecalled).length / outcomes.length,
  };
}

/** Every second text is of another user; whoever is asked about by name is not among those who talk there. */
function isOfAnother(query: number, passage: number): boolean {
  const [asked, said] = [CALIBRATION_TEXTS[query % COUNT]?.by ?? null, CALIBRATION_TEXTS[passage % COUNT]?.by ?? null];
  return query % 2 !== passage % 2 && (asked === null || asked !== said);
}

const FIRST_DAY = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
const LAST_DAY = FIRST_DAY + 365 * DAY_MS;

/** The passages as they are stored: some are memories, some turns that bear a day and a name. */
const documents = (): readonly DocumentContent[] => inBothLanguages(1).map(documentOf);

function documentOf(text: string, place: number): DocumentContent {
  const by = CALIBRATION_TEXTS[place % COUNT]?.by ?? null;
  const statedAt = FIRST_DAY + (place % COUNT) * 6 * DAY_MS;
  return {
    id: String(place),
    scope: { projectId: 'calibration', subject: 'user:calibration' },
    kind: by === null ? 'fact' : 'turn',
    role: by === null ? null : 'user',
    origin: 'user',
    about: null,
    conversationId: String(place),
    place: by === null ? null : 0,
    sourceMessageIds: [],
    text,
    keys: by === null ? [] : [by],
    source: '',
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    statedAt,
    createdAt: statedAt,
    updatedAt: statedAt,
    eventTime: null,
    indexVersion: 1,
  };
}

function cosineOf(a: Float32Array, b: Float32Array): number {
  let [product, ofA, ofB] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    product += value * other;
    ofA += value * value;
    ofB += other * other;
  }
  return product === 0 ? 0 : product / Math.sqrt(ofA * ofB);
}
