import { env } from 'node:process';
import { defaultCacheFolder } from './acquisition/cache-folder.ts';
import { getWeights, isWeightsSource, WEIGHTS_SOURCES, type WeightsProgress } from './acquisition/get-weights.ts';

/**
 * Fetches the embedding model once, so that tests and first starts find it: `node dist/fetch-weights.js`. Reads the same variables
 * as the server. Exit code 0: the model is there; 1: it is not, and the last line says why and what to do.
 */
const sources = (env['CONTINUO_EMBEDDING_SOURCES'] ?? WEIGHTS_SOURCES.join(',')).split(',').map((name) => name.trim());
const cacheFolder = defaultCacheFolder(env);

let lastLine = '';
function print(progress: WeightsProgress): void {
  const done = progress.totalBytes === null ? '' : ` (${Math.floor((progress.receivedBytes / progress.totalBytes) * 10) * 10} %)`;
  const line = `embedding model: ${progress.reason}${done}`;
  if (line !== lastLine) console.log(line);
  lastLine = line;
}

const outcome = await getWeights(
  {
    cacheFolder,
    sources: sources.filter(isWeightsSource),
    folder: env['CONTINUO_EMBEDDING_FOLDER'] || null,
    hubEndpoint: env['HF_ENDPOINT'] || null,
    environment: env,
  },
  print,
);
if (outcome.status === 'found') {
  console.log(`embedding model: ready, ${outcome.weights.origin}`);
} else {
  console.log(`embedding model: not there (${outcome.reason})`);
  console.log(
    'Allow a source in CONTINUO_EMBEDDING_SOURCES, name a mirror of the hub in HF_ENDPOINT, or put the model into a folder and name it in CONTINUO_EMBEDDING_FOLDER.',
  );
  process.exitCode = 1;
}
