import { GENERATION_RPC } from '@continuo/contracts';
import type { CallOptions, StructuredModel, StructuredReply, StructuredRequest } from '@continuo/ports';
import type { GenerationState } from './generation-state.ts';
import type { RpcChannel } from './rpc-channel.ts';
import type { FailureCodes } from './rpc-failure.ts';

const CODES: FailureCodes = {
  service: 'The generation service',
  away: 'model_unavailable',
  late: 'model_timeout',
  passesDraining: true,
};

/** Where the caller gives no deadline; the models' own limits are shorter. */
const LIMIT_MS = 600_000;

/** Models for structured work in another process. */
export class GrpcStructuredModel implements StructuredModel {
  readonly #channel: RpcChannel;
  readonly #state: GenerationState;

  constructor(channel: RpcChannel, state: GenerationState) {
    this.#channel = channel;
    this.#state = state;
  }

  /** True until the service says otherwise: work that asks in vain waits and is done later, work done by rules meanwhile stays done by rules. */
  available(role: StructuredRequest['role']): boolean {
    return this.#state.known?.roles.includes(role) ?? true;
  }

  complete(request: StructuredRequest, options: CallOptions): Promise<StructuredReply> {
    return this.#channel.unary(GENERATION_RPC.complete, request, { ...options, limitMs: LIMIT_MS, codes: CODES });
  }
}
