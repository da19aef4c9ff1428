import type { CosineScale, EmbedderCalibration } from './types.ts';

const E5_SMALL: EmbedderCalibration = {
  words: { midpoint: 0.826, spread: 0.013 },
  runs: { midpoint: 0.882, spread: 0.013 },
  across: { midpoint: 0.818, spread: 0.012 },
};

/**
 * Embedders whose cosines were measured on pairs of query and passage, worth recalling and not (the stores of `verdicts.fixture.json`).
 * Keyed by `EmbeddingModelIdentity.id`.
 */
export const CALIBRATIONS: Readonly<Record<string, EmbedderCalibration>> = {
  'multilingual-e5-small/int8': E5_SMALL,
};

/** The same weights under another name, for example behind an endpoint. Everything else is unknown. */
const E5_SMALL_NAME = /multilingual-e5-small/iu;

/** What `fitCalibration` found for an embedder. */
export interface FittedCalibration extends EmbedderCalibration {
  /** Its `EmbeddingModelIdentity.id`. */
  readonly model: string;
}

/** How to read an embedder's cosines; null when nothing is known about it. @param fitted counts for its own model before what is built in. */
export function calibrationOf(embedderId: string, fitted: FittedCalibration | null = null): EmbedderCalibration | null {
  if (fitted?.model === embedderId) return fitted;
  return CALIBRATIONS[embedderId] ?? (E5_SMALL_NAME.test(embedderId) ? E5_SMALL : null);
}

/** How likely a cosine is that of something worth recalling. */
export const logistic = (cosine: number, { midpoint, spread }: CosineScale): number => 1 / (1 + Math.exp((midpoint - cosine) / spread));

export type ScriptPair = keyof EmbedderCalibration;

/** Fewer cosines than this say nothing about where an unknown embedder's lie. */
const ENOUGH_COSINES = 12;

/**
 * Maps cosines to 0–1. For an unknown embedder only what stands out from the query's other candidates of the same pair of scripts
 * rises above one half, and never far: where its cosines lie is not known, so words keep the say.
 */
export function cosineMap(
  calibration: EmbedderCalibration | null,
  cosines: ReadonlyMap<ScriptPair, readonly number[]>,
): (cosine: number, pair: ScriptPair) => number {
  if (calibration !== null) return (cosine, pair) => logistic(cosine, calibration[pair]);
  const scales = new Map([...cosines].map(([pair, values]) => [pair, outstandingScale(values)] as const));
  return (cosine, pair) => {
    const scale = scales.get(pair) ?? null;
    return scale === null ? CAUTIOUS_CEILING * logistic(cosine, UNKNOWN) : UNKNOWN_CEILING * logistic(cosine, scale);
  };
}

/** With too few candidates to compare: vectors support words, and never suffice alone. */
const UNKNOWN: CosineScale = { midpoint: 0.6, spread: 0.1 };
const CAUTIOUS_CEILING = 0.5;
const UNKNOWN_CEILING = 0.75;

function outstandingScale(values: readonly number[]): CosineScale | null {
  if (values.length < ENOUGH_COSINES) return null;
  const median = medianOf(values);
  const spread = Math.max(0.01, medianOf(values.map((value) => Math.abs(value - median))) * 1.5);
  return { midpoint: median + 3 * spread, spread };
}

const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
