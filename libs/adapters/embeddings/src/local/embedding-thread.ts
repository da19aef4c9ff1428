import { Worker } from 'node:worker_threads';
import type { CallOptions, EmbeddingRole } from '@continuo/ports';
import { unavailable } from '../embedder-states.ts';
import { untilStopped } from '../stopping.ts';
import { NativeGate } from './native-gate.ts';
import type { ThreadReply, ThreadRequest, ThreadSetup, Urgency } from './thread-protocol.ts';

/**
 * The vocabulary lives on the thread's heap (170 MB). A small young generation keeps the garbage of loading it from staying
 * resident: 110 MB less for half a second more at start.
 */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };

/** Loading the model takes 0.3 s, the longest text 0.2 s; a busy machine may need many times that. */
const LONGEST_RUN_MS = 5_000;

/** Whoever gives passages less time than this has somebody waiting. Jobs that fill in vectors have a minute, or no limit at all. */
const AWAITED_WITHIN_MS = 10_000;

/** One life of one worker thread with the model in it. */
export class EmbeddingThread {
  /** Resolves with the dimension of the vectors; rejects when the model cannot be loaded. */
  readonly ready: Promise<number>;
  /** Resolves when the thread is gone, with the reason in words. */
  readonly ended: Promise<string>;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, PromiseWithResolvers<readonly Float32Array[]>>();
  private readonly gate = new NativeGate();
  private readonly onProcessExit = (): void => this.gate.closeNow(LONGEST_RUN_MS);
  private alive = true;
  private lastId = 0;

  constructor(file: URL, weights: Omit<ThreadSetup, 'gate'>) {
    const setup: ThreadSetup = { modelFile: weights.modelFile, tokenizerFile: weights.tokenizerFile, gate: this.gate.memory };
    process.once('exit', this.onProcessExit);
    this.worker = new Worker(file, { workerData: setup, execArgv: [], resourceLimits: RESOURCE_LIMITS });
    const ready = Promise.withResolvers<number>();
    const ended = Promise.withResolvers<string>();
    this.ready = ready.promise;
    this.ended = ended.promise;
    this.ready.catch(() => undefined);
    let reason: string | null = null;
    this.worker.on('message', (reply: ThreadReply) => {
      if (reply.type === 'ready') ready.resolve(reply.dimension);
      else this.settle(reply);
    });
    this.worker.on('error', (error) => {
      reason ??= messageOf(error);
    });
    this.worker.on('exit', (code) => {
      reason ??= `exit code ${code}`;
      this.alive = false;
      process.off('exit', this.onProcessExit);
      ready.reject(new Error(reason));
      this.rejectWaiting('The embedding thread ended while it was working.');
      ended.resolve(reason);
    });
  }

  /** One vector per normalised text, in order. */
  async embed(texts: readonly string[], role: EmbeddingRole, options: CallOptions): Promise<readonly Float32Array[]> {
    if (!this.alive) throw unavailable('The embedding thread has ended.');
    const id = (this.lastId += 1);
    const call = Promise.withResolvers<readonly Float32Array[]>();
    this.waiting.set(id, call);
    this.post({ type: 'embed', id, role, urgency: urgencyOf(role, options), texts });
    return untilStopped(call.promise, options, () => {
      this.waiting.delete(id);
      this.post({ type: 'cancel', id });
    });
  }

  /** Ends the thread as soon as the model is not running in it. */
  async close(): Promise<void> {
    this.rejectWaiting('The embedder is closing.');
    if (this.alive) await this.gate.close(LONGEST_RUN_MS);
    await this.worker.terminate();
  }

  private rejectWaiting(message: string): void {
    for (const call of this.waiting.values()) call.reject(unavailable(message));
    this.waiting.clear();
  }

  private post(request: ThreadRequest): void {
    this.worker.postMessage(request);
  }

  private settle(reply: Exclude<ThreadReply, { type: 'ready' }>): void {
    const call = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.type === 'vectors') call?.resolve(reply.vectors);
    else call?.reject(unavailable(`The embedding model failed: ${reply.message}.`));
  }
}

function urgencyOf(role: EmbeddingRole, { deadlineAt }: CallOptions): Urgency {
  if (role === 'query') return 'query';
  return deadlineAt !== undefined && deadlineAt - Date.now() < AWAITED_WITHIN_MS ? 'awaited' : 'background';
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
