import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { Mode } from '../../deployment/deployment.ts';
import { System } from '../../system.ts';
import { type AskedRow, askRow, type Effective, headlineCount, type QuestionRow, type RowPlan } from './ask-rows.ts';
import type { BenchEmbedder } from './bench-embedder.ts';
import { type Filled, fillServer, untilEmbedded } from './fill-server.ts';
import { type Kept, keepFill, openFillFolder } from './kept-fill.ts';
import { askForeign, type ForeignFigures, foreignQuestions, type PlainFigures, searchPlainly } from './plain-searches.ts';
import { headlineOf, type RecallSet, type View } from './recall-set.ts';
import { type Comparison, comparisonOf, type Figures, figuresByCategory, figuresOf, newestFirstShare } from './row-figures.ts';
import { WHOLE } from './row-plans.ts';

export interface RecallBenchOptions {
  readonly set: RecallSet;
  readonly mode: Mode;
  readonly embedder: BenchEmbedder;
  /** Asked after the whole of recall. */
  readonly ablations: readonly RowPlan[];
  /** Questions of other users; null: what the set asks by default. */
  readonly foreign: number | null;
  readonly seed: number;
  /** Where the filled data stays; null: nowhere. */
  readonly keepIn: string | null;
  readonly say: (line: string) => void;
}

export interface ReportedRow {
  readonly row: string;
  readonly effective: Effective;
  readonly figures: Readonly<Record<string, Figures>>;
  readonly byCategory: Readonly<Record<string, Figures>>;
  readonly newestFirst: { readonly share: number; readonly questions: number } | null;
  /** Beside the whole of recall; null for that row itself. */
  readonly comparison: Comparison | null;
  readonly seconds: number;
}

export interface RecallReport {
  readonly set: string;
  readonly mode: Mode;
  readonly date: string;
  readonly commit: string;
  readonly embedder: string;
  readonly views: readonly View[];
  readonly units: number;
  readonly messages: number;
  readonly fill: { readonly commit: string; readonly at: string; readonly seconds: number; readonly reused: boolean };
  readonly rows: readonly ReportedRow[];
  readonly plain: PlainFigures;
  readonly foreign: ForeignFigures | null;
  readonly seconds: number;
  readonly questions: readonly (QuestionRow & { readonly row: string })[];
}

/** Late arms would make a busy machine's figures worse than recall is. */
const PATIENT = { CONTINUO_RECALL_TIMEOUT_MS: '30000' };

/** Fills a server, or finds it filled, asks every row and closes it. */
export async function runRecallBench(options: RecallBenchOptions): Promise<RecallReport> {
  const { set, mode, embedder, say } = options;
  const begunAt = performance.now();
  const folder = await openFillFolder(options.keepIn, set, mode, embedder.model);
  const key = folder.kept?.key ?? `mpg-${randomUUID()}`;
  const system = await System.start({
    mode,
    environment: { ...embedder.environment, ...PATIENT, CONTINUO_API_KEY: key },
    ...(folder.directory === null ? {} : { dataDirectory: folder.directory }),
  });
  try {
    const kept = folder.kept ?? (await filledNow(system, options, key));
    if (folder.kept === null) await keepFill(folder, kept);
    else say(`found ${set.name} filled at ${kept.filledAt} by ${kept.commit}`);
    // Another version of the server may have to index or to embed again what it finds.
    await untilEmbedded(system.origin);
    const measured = await measure(system, options, kept.filled);
    return {
      ...(await headOf(options, kept, folder.kept !== null)),
      ...measured,
      seconds: (performance.now() - begunAt) / 1_000,
    };
  } finally {
    await system.close();
  }
}

async function filledNow(system: System, { set, embedder, say }: RecallBenchOptions, key: string): Promise<Kept> {
  say(`filling ${set.units.length} units of ${set.name}`);
  const begunAt = performance.now();
  const filled = await fillServer(system, set, say);
  const seconds = (performance.now() - begunAt) / 1_000;
  say(`  filled in ${seconds.toFixed(0)} s; ${embedder.words()}`);
  return { key, commit: await commit(), filledAt: new Date().toISOString(), seconds, filled };
}

async function measure(system: System, options: RecallBenchOptions, filled: Filled) {
  const { set, embedder, seed, say } = options;
  const foreign = foreignQuestions(set, options.foreign ?? set.foreignQuestions, seed);
  say('embedding the questions');
  await embedder.warm([...set.units.flatMap(({ questions }) => questions.map(({ text }) => text)), ...foreign.map(({ text }) => text)]);
  const rows: AskedRow[] = [];
  for (const plan of [WHOLE, ...options.ablations]) {
    const views = plan === WHOLE ? set.views : [headlineOf(set)];
    rows.push(await askRow(system, { set, filled, views, embeddingModel: embedder.model }, plan));
    say(`row "${plan.name}": ${rows.at(-1)?.questions.length} questions in ${rows.at(-1)?.seconds.toFixed(0)} s`);
  }
  say('searching with every setting at its default');
  return {
    rows: rows.map((row) => reportedRow(row, rows[0] ?? row, set, seed)),
    plain: await searchPlainly(system, set, filled),
    foreign: await askForeign(system, filled, foreign),
    questions: rows.flatMap((row) => row.questions.map((question) => ({ row: row.plan.name, ...question }))),
  };
}

function reportedRow(row: AskedRow, whole: AskedRow, set: RecallSet, seed: number): ReportedRow {
  const headline = headlineOf(set).name;
  const views = row.plan === WHOLE ? set.views : [headlineOf(set)];
  return {
    row: row.plan.name,
    effective: row.effective,
    figures: Object.fromEntries(views.map(({ name }) => [name, figuresOf(row.questions, name, seed)])),
    byCategory: figuresByCategory(row.questions, headline, seed),
    newestFirst: newestFirstShare(row.questions),
    comparison: row.plan === WHOLE ? null : comparisonOf(row.questions, whole.questions, headline),
    seconds: row.seconds,
  };
}

async function headOf({ set, mode, embedder, say }: RecallBenchOptions, kept: Kept, reused: boolean) {
  say(`${headlineCount(set)} questions in the view "${headlineOf(set).name}"`);
  return {
    set: set.name,
    mode,
    date: new Date().toISOString(),
    commit: await commit(),
    embedder: embedder.words(),
    views: set.views,
    units: set.units.length,
    messages: Object.values(kept.filled).reduce((sum, { turnOf }) => sum + Object.keys(turnOf).length, 0),
    fill: { commit: kept.commit, at: kept.filledAt, seconds: kept.seconds, reused },
  };
}

/** Of the tree this runs in; with a mark when files differ from it. */
async function commit(): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['describe', '--always', '--dirty=+changes'], { cwd: import.meta.dirname }).catch(
    () => ({
      stdout: 'unknown',
    }),
  );
  return stdout.trim();
}
