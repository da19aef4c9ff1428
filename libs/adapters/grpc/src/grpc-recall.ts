import { AppError, RECALL_RPC } from '@continuo/contracts';
import { errorFields, type Log } from '@continuo/platform';
import type { CallOptions, RecallApi, RecallRequest, RecallResult, RecallState } from '@continuo/ports';
import type { RpcChannel } from './rpc-channel.ts';
import type { FailureCodes } from './rpc-failure.ts';

const CODES: FailureCodes = {
  service: 'The recall service',
  away: 'index_unavailable',
  late: 'deadline_exceeded',
  passesDraining: false,
};

const ALL_ARMS = ['words', 'vectors', 'overlay'] as const;

/** Recall in another process. One that is away or late is a recall whose arms are all missing, and no error. */
export class GrpcRecall implements RecallApi {
  readonly #channel: RpcChannel;
  readonly #limitMs: number;
  readonly #log: Log;

  /** @param limitMs a service that stands still costs no more than this, however long the caller could wait. */
  constructor(channel: RpcChannel, limitMs: number, log: Log) {
    this.#channel = channel;
    this.#limitMs = limitMs;
    this.#log = log;
  }

  async search(request: RecallRequest, options: CallOptions): Promise<RecallResult> {
    const startedAt = performance.now();
    try {
      const message = { ...request, embed: request.embed ?? true, without: request.without ?? [] };
      const deadlineAt = Math.min(options.deadlineAt ?? Number.POSITIVE_INFINITY, Date.now() + this.#limitMs);
      return await this.#channel.unary(RECALL_RPC.search, message, { ...options, deadlineAt, limitMs: this.#limitMs, codes: CODES });
    } catch (error) {
      if (options.signal?.aborted === true || AppError.is(error, 'invalid_request')) throw error;
      const isLate = AppError.is(error, 'deadline_exceeded');
      if (!isLate) this.#log.warn('recall_failed', errorFields(error));
      return nothing(isLate ? 'timeout' : 'degraded', performance.now() - startedAt);
    }
  }
}

function nothing(state: RecallState, totalMs: number): RecallResult {
  return {
    state,
    facts: [],
    preferences: [],
    events: [],
    tools: [],
    skills: [],
    profiles: [],
    absences: [],
    missingArms: ALL_ARMS,
    configuration: { embeddingModel: null, without: [], candidates: 0 },
    timings: { embedMs: 0, indexMs: 0, totalMs },
  };
}
