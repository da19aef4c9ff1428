import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runDedup, WORDS_ALONE } from './dedup/bench-dedup.ts';
import { printableDedup, printableFailures, reachedBy } from './dedup/dedup-report.ts';
import { failed } from './dedup/outcome.ts';
import { chooseEmbedder } from './embedder-choice.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '2000' },
    mode: { type: 'string' },
    /** Base URL of a chat model that extracts and reconciles, up to and including the version. */
    model: { type: 'string' },
    'model-name': { type: 'string', default: 'default' },
    /** The environment variable that holds its key. */
    'model-key-env': { type: 'string' },
    /** `none` or `local`: the model of this machine, from the cache. */
    embedder: { type: 'string', default: 'none' },
    together: { type: 'string', default: '8' },
    /** Prints every case that went wrong. */
    failures: { type: 'boolean', default: false },
    /** Ends with 1 when a figure misses its aim. */
    floors: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const choice = values.embedder === 'local' ? await chooseEmbedder('local') : null;
const report = await runDedup({
  seed: Number(values.seed),
  cases: Number(values.cases),
  ...(values.mode === 'cluster' || values.mode === 'standalone' ? { mode: values.mode } : {}),
  model:
    values.model === undefined
      ? null
      : { baseUrl: values.model, name: values['model-name'], key: process.env[values['model-key-env'] ?? ''] ?? null },
  embedder: choice ?? WORDS_ALONE,
  together: Number(values.together),
  say: (line) => console.error(line),
});
await choice?.close();
if (values.failures) console.log(printableFailures(report.outcomes.filter(failed)));
console.log(printableDedup(report));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ ...report, figures: reachedBy(report) }, null, 2)}\n`);
if (values.floors && reachedBy(report).some(({ met }) => !met)) process.exitCode = 1;
