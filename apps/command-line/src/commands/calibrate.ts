import { type CalibrationFit, calibrationInput, DEFAULT_MIN_RELATIVITY, fitCalibration, type RecallShares } from '@continuo/domain';
import { createEmbedder } from '@continuo/embeddings';
import { loadConfiguration } from '@continuo/platform';
import type { EmbeddingModel, EmbeddingRole } from '@continuo/ports';
import { embedderArrival } from './embedder-arrival.ts';
import { type Printed, table } from './output.ts';

const BATCH = 8;
const ARRIVAL_TIMEOUT_MS = 15 * 60_000;

/** Embeds texts that do and do not belong together with the configured embedder, and says how its cosines are to be read. */
export async function calibrate(): Promise<Printed> {
  const embedder = createEmbedder(loadConfiguration());
  try {
    const { id } = await embedderArrival(embedder, ARRIVAL_TIMEOUT_MS).catch((error: unknown) => {
      throw new Error(`The embedding model cannot be used: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
    });
    const { queries, passages } = calibrationInput();
    const fit = fitCalibration({
      queries: await vectorsOf(embedder, queries, 'query'),
      passages: await vectorsOf(embedder, passages, 'passage'),
    });
    const { words, runs, across } = fit.calibration;
    const setting = { model: id, words, runs, across };
    return { value: { setting, ...fit }, lines: linesOf(fit, setting) };
  } finally {
    await embedder.close();
  }
}

async function vectorsOf(embedder: EmbeddingModel, texts: readonly string[], role: EmbeddingRole): Promise<readonly Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let start = 0; start < texts.length; start += BATCH)
    vectors.push(...(await embedder.embed(texts.slice(start, start + BATCH), role, {})));
  return vectors;
}

const SCRIPTS = {
  words: 'query and memory in scripts with spaces',
  runs: 'both in scripts without spaces',
  across: 'one of each',
} as const;

const linesOf = (fit: CalibrationFit, setting: { readonly model: string }): readonly string[] => [
  ...(['words', 'runs', 'across'] as const).flatMap((scripts) => curveLines(SCRIPTS[scripts], fit.scales[scripts])),
  ...table([
    ['', "questions that bring another user's memories", 'questions that bring their answer'],
    ['words alone', ...sharesOf(fit.byWords)],
    ['with vectors', ...sharesOf(fit.withVectors)],
  ]),
  `at relativity ${DEFAULT_MIN_RELATIVITY}, of small stores about the same everyday things.`,
  '',
  `For ${setting.model}, in the environment of every service or in its .env:`,
  `CONTINUO_EMBEDDING_CALIBRATION='${JSON.stringify(setting)}'`,
];

const curveLines = (title: string, { scale, brier, curve }: CalibrationFit['scales']['words']): readonly string[] => [
  `${title}: midpoint ${scale.midpoint}, spread ${scale.spread}, Brier score ${brier.toFixed(3)}`,
  ...table([
    ['cosine from', 'pairs', 'belonging', 'curve'],
    ...curve.map(({ from, pairs, belonging, fitted }) => [from.toFixed(3), String(pairs), String(belonging), fitted.toFixed(2)]),
  ]),
  '',
];

const sharesOf = ({ falseInjection, recalled }: RecallShares): readonly string[] => [percent(falseInjection), percent(recalled)];

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
