import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openBenchStores } from './bench-stores.ts';
import { cachedBenchEmbedder, localBenchEmbedder } from './recall/bench-embedder.ts';
import { recallSignals } from './recall/built-parts.ts';
import { loadSet, SET_NAMES } from './recall/load-set.ts';
import { type RecallBenchOptions, type RecallReport, runRecallBench } from './recall/recall-bench.ts';
import { limitedTo } from './recall/recall-set.ts';
import { printableRecall } from './recall/report.ts';
import { ablations } from './recall/row-plans.ts';

const { values } = parseArgs({
  options: {
    /** Folder of the data sets; `own` needs none. */
    data: { type: 'string' },
    set: { type: 'string' },
    mode: { type: 'string', default: 'standalone' },
    /** `all`, or signals to leave out one at a time; several at once joined by `+`. */
    ablate: { type: 'string', default: '' },
    /** Only so many units of the set. */
    limit: { type: 'string' },
    /** Of BEAM: 100k, 500k or 1m. */
    scale: { type: 'string', default: '100k' },
    /** How many questions of other users are asked; 0: none. */
    negatives: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** `cached`: the bench embeds and keeps the vectors. `local`: the server does. */
    embedder: { type: 'string', default: 'cached' },
    /** Writes the report with every question here. */
    json: { type: 'string' },
    /** Keeps filled servers under this folder and uses them again. */
    keep: { type: 'string' },
  },
});

/** What a shell gives for an interrupted command. */
const INTERRUPTED = 130;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Servers end with this process, but not by a signal. Stores of its own end themselves, and then the process.
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(INTERRUPTED);
  });
}

const say = (line: string): void => console.error(line);

function wholeNumber(name: string, written: string): number {
  if (!/^\d+$/u.test(written)) throw new Error(`--${name} is a whole number`);
  return Number(written);
}

async function main(): Promise<void> {
  if (values.mode !== 'standalone' && values.mode !== 'cluster') throw new Error('--mode is standalone or cluster');
  if (values.set === undefined) throw new Error(`--set is missing: one of ${SET_NAMES.join(', ')}`);
  const whole = await loadSet(values.set, values.data ?? null, values.scale);
  const plans = ablations(values.ablate, await recallSignals());
  const set = values.limit === undefined ? whole : limitedTo(whole, wholeNumber('limit', values.limit));
  const stores = values.mode === 'cluster' ? await openBenchStores(values.keep ?? null, say) : null;
  try {
    const report = await measured({ set, mode: values.mode, ablations: plans });
    if (stores !== null) console.log(stores.words);
    console.log(printableRecall(report));
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 1)}\n`);
  } finally {
    await stores?.close();
  }
}

async function measured(what: Pick<RecallBenchOptions, 'set' | 'mode' | 'ablations'>): Promise<RecallReport> {
  const embedder = await (values.embedder === 'local' ? localBenchEmbedder() : cachedBenchEmbedder(say));
  try {
    return await runRecallBench({
      ...what,
      embedder,
      foreign: values.negatives === undefined ? null : wholeNumber('negatives', values.negatives),
      seed: wholeNumber('seed', values.seed),
      keepIn: values.keep ?? null,
      say,
    });
  } finally {
    await embedder.close();
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
