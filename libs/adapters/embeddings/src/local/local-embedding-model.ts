import type { CallOptions, EmbedderState, EmbeddingModel, EmbeddingRole } from '@continuo/ports';
import { getWeights, type Weights, type WeightsOptions, type WeightsProgress } from '../acquisition/get-weights.ts';
import { BackOff } from '../back-off.ts';
import { embedCached } from '../embed-cached.ts';
import { EmbedderStates, unavailable } from '../embedder-states.ts';
import { LOCAL_EMBEDDING_MODEL } from '../local-model-facts.ts';
import { QueryCache } from '../query-cache.ts';
import { pause, throwIfStopped } from '../stopping.ts';
import { normaliseText } from '../text.ts';
import { workerFile } from '../worker-file.ts';
import { EmbeddingThread } from './embedding-thread.ts';

export interface LocalEmbeddingModelOptions extends WeightsOptions {
  /** Pause between two searches for the weights after all sources failed. Default 10 minutes. */
  readonly retryAfterMs?: number;
  /** First pause before an ended thread is started again; doubles up to a minute. Default 1 s. */
  readonly restartAfterMs?: number;
  /** What runs in the thread. Default: the model. */
  readonly threadFile?: URL;
}

const RETRY_AFTER_MS = 10 * 60_000;
const RESTART_AFTER_MS = 1_000;
const RESTART_CEILING_MS = 60_000;
/** A thread that lived this long was healthy: the next restart is quick again. */
const HEALTHY_LIFE_MS = 60_000;
const PROGRESS_EVERY_MS = 500;

/** multilingual-e5-small in a worker thread, its weights fetched in the background. */
export class LocalEmbeddingModel implements EmbeddingModel {
  private readonly options: LocalEmbeddingModelOptions;
  private readonly states = new EmbedderStates({ status: 'none', reason: 'the embedder has not been opened' });
  private readonly cache = new QueryCache();
  private readonly closing = new AbortController();
  private readonly restarts: BackOff;
  private thread: EmbeddingThread | null = null;
  private life: Promise<void> | null = null;

  constructor(options: LocalEmbeddingModelOptions) {
    this.options = options;
    this.restarts = new BackOff(options.restartAfterMs ?? RESTART_AFTER_MS, RESTART_CEILING_MS);
  }

  /** Starts looking for the weights and returns at once. A second call does nothing. */
  open(): void {
    this.life ??= this.live(this.closing.signal);
  }

  state(): EmbedderState {
    return this.states.present;
  }

  onState(listener: (state: EmbedderState) => void): () => void {
    return this.states.subscribe(listener);
  }

  async embed(texts: readonly string[], role: EmbeddingRole, options: CallOptions): Promise<readonly Float32Array[]> {
    throwIfStopped(options);
    if (texts.length === 0) return [];
    this.states.requireReady();
    const thread = this.thread;
    if (thread === null) throw unavailable('The embedding thread has ended.');
    return embedCached(texts.map(normaliseText), role, this.cache, (missing) => thread.embed(missing, role, options));
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the embedder is closing'));
    await this.life;
    this.states.set({ status: 'none', reason: 'the embedder is closed' });
  }

  private async live(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const weights = await this.acquire(signal);
      if (weights === null && this.states.present.status === 'none') return;
      if (weights === null) await pause(this.options.retryAfterMs ?? RETRY_AFTER_MS, signal);
      else while (!signal.aborted) await this.serve(weights, signal);
    }
  }

  /** Looks through the sources and tells how that goes. Null: nothing came of it, and the state says why. */
  private async acquire(signal: AbortSignal): Promise<Weights | null> {
    let lastReportAt = -Infinity;
    let lastStep = '';
    const report = (progress: WeightsProgress): void => {
      const now = performance.now();
      if (progress.reason === lastStep && now - lastReportAt < PROGRESS_EVERY_MS) return;
      lastReportAt = now;
      lastStep = progress.reason;
      this.states.set({ status: 'fetching', ...progress });
    };
    const outcome = await getWeights({ ...this.options, signal }, report);
    if (signal.aborted) return null;
    if (outcome.status === 'found') return outcome.weights;
    this.states.set({ status: outcome.status, reason: outcome.reason });
    return null;
  }

  /** One life of the thread: until it ends, or the embedder is closed. */
  private async serve(weights: Weights, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    this.states.set({ status: 'fetching', reason: `loading the model ${weights.origin}`, receivedBytes: 0, totalBytes: null });
    const thread = new EmbeddingThread(this.options.threadFile ?? workerFile('local/embedding.worker.js'), weights);
    const stop = (): void => void thread.close();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    let failure = await this.whileReady(thread, weights, signal);
    this.thread = null;
    await thread.close();
    signal.removeEventListener('abort', stop);
    if (signal.aborted) return;
    if (performance.now() - startedAt > HEALTHY_LIFE_MS) this.restarts.reset();
    const delayMs = this.restarts.next();
    failure += `; next attempt in ${Math.ceil(delayMs / 1_000)} s`;
    this.states.set({ status: 'failed', reason: failure });
    await pause(delayMs, signal);
  }

  /** Serves while the thread lives and returns why that is over. */
  private async whileReady(thread: EmbeddingThread, weights: Weights, signal: AbortSignal): Promise<string> {
    try {
      const dimension = await thread.ready;
      if (dimension !== LOCAL_EMBEDDING_MODEL.dimension) {
        return `the model ${weights.origin} gives ${dimension} numbers per text instead of ${LOCAL_EMBEDDING_MODEL.dimension}: it is another model`;
      }
    } catch (error) {
      return `the model ${weights.origin} could not be loaded (${String((error as { message?: unknown }).message)})`;
    }
    if (signal.aborted) return 'closed';
    this.thread = thread;
    this.states.set({ status: 'ready', reason: `multilingual-e5-small ${weights.origin}`, model: LOCAL_EMBEDDING_MODEL });
    return `the embedding thread ended (${await thread.ended})`;
  }
}

/** The local embedder with its defaults; `open()` starts it. */
export function createLocalEmbeddingModel(options: LocalEmbeddingModelOptions): LocalEmbeddingModel {
  return new LocalEmbeddingModel(options);
}
