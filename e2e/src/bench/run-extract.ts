import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type BenchedModel, runExtractBench } from './extract/bench-extract.ts';
import { dialoguesOf, SPLITS } from './extract/dialogue.ts';
import { printableJunk, runJunkBench } from './extract/bench-junk.ts';
import { printableExtract, printableItems } from './extract/report.ts';

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'standalone' },
    /** Of an OpenAI-compatible server, with its version; without a model the rules extract. */
    'base-url': { type: 'string' },
    model: { type: 'string' },
    /** Name of the environment variable that holds its key. */
    'api-key-variable': { type: 'string' },
    /** Keeps the replies of the model in this folder; those it holds are not asked for again. */
    record: { type: 'string' },
    /** Takes the replies from this folder and asks nobody; one that is missing is an error. */
    replay: { type: 'string' },
    /** What is mined together: a `turn`, or a whole `dialogue`. */
    batches: { type: 'string', default: 'turn' },
    /** Users that speak at a time; one by default with a model, so that the calls of each batch are known. */
    concurrency: { type: 'string' },
    /** Recalled text that comes back, instead of the dialogues. */
    junk: { type: 'boolean', default: false },
    turns: { type: 'string', default: '200' },
    /** Each miss and wrong memory of the dev dialogues; with --held of the held ones, too. */
    verbose: { type: 'boolean', default: false },
    held: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

function modelAsked(): BenchedModel | null {
  const { model: name, 'base-url': baseUrl, 'api-key-variable': variable, record, replay } = values;
  if (name === undefined && baseUrl === undefined && record === undefined && replay === undefined) return null;
  if (name === undefined) throw new Error('--model says which model it is');
  if (record !== undefined && replay !== undefined) throw new Error('--record and --replay exclude each other');
  if (replay === undefined && baseUrl === undefined) throw new Error('--base-url says where the model is');
  const apiKey = variable === undefined ? null : (process.env[variable] ?? null);
  return {
    name,
    baseUrl: replay === undefined ? (baseUrl ?? null) : null,
    apiKey,
    folder: replay ?? record ?? null,
    replays: replay !== undefined,
  };
}

const mode = values.mode === 'cluster' ? 'cluster' : 'standalone';
const say = (line: string): void => console.error(line);
if (values.junk) {
  const report = await runJunkBench({ mode, turns: Number(values.turns), say });
  console.log(printableJunk(report));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
} else {
  const model = modelAsked();
  const report = await runExtractBench({
    dialogues: SPLITS.flatMap(dialoguesOf),
    batches: values.batches === 'dialogue' ? 'dialogue' : 'turn',
    mode,
    model,
    concurrency: Number(values.concurrency ?? (model === null ? 8 : 1)),
    say,
  });
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  if (values.verbose) console.log(`${printableItems(report.judgements, values.held)}\n`);
  console.log(printableExtract(report, commit));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ commit, ...report }, null, 2)}\n`);
}
