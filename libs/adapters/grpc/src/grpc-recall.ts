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

/** Where the caller gives no deadline; the service's own is shorter. */
const LIMIT_MS = 10_000;

const ALL_ARMS = ['words', 'vectors', 'overlay'] as const;

/** Recall in another process. One that is away or late is a recall whose arms are all missing, and no error. */
export class GrpcRecall implements RecallApi {
  readonly #channel: RpcChannel;
  readonly #log: Log;

  constructor(channel: RpcChannel, log: Log) {
    this.#channel = channel;
    this.#log = log;
  }

  async search(request: RecallRequest, options: CallOptions): Promise<RecallResult> {
    const startedAt = performance.now();
    try {
      const message = { ...request, embed: request.embed ?? true };
      return await this.#channel.unary(RECALL_RPC.search, message, { ...options, limitMs: LIMIT_MS, codes: CODES });
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
    absences: [],
    missingArms: ALL_ARMS,
    timings: { embedMs: 0, indexMs: 0, totalMs },
  };
}
