import { GENERATION_RPC } from '@continuo/contracts';
import type { ChatModelDescription, StructuredRequest } from '@continuo/ports';
import { KnownState } from './known-state.ts';
import type { RpcChannel } from './rpc-channel.ts';
import type { FailureCodes } from './rpc-failure.ts';

const CODES: FailureCodes = {
  service: 'The generation service',
  away: 'model_unavailable',
  late: 'model_timeout',
  passesDraining: true,
};

const LIMIT_MS = 2_000;

interface Described extends ChatModelDescription {
  readonly roles: readonly StructuredRequest['role'][];
}

/** What the generation service said last of its models. It is kept while the service is silent: which models there are changes with its settings alone. */
export class GenerationState {
  readonly #states: KnownState<Described>;
  #last: Described | null = null;

  constructor(channel: RpcChannel) {
    this.#states = new KnownState<Described>(
      (signal) => channel.unary(GENERATION_RPC.describe, {}, { signal, limitMs: LIMIT_MS, codes: CODES }),
      (described) => (this.#last = described ?? this.#last),
    );
  }

  get known(): Described | null {
    return this.#last;
  }

  /** Resolves with the first answer; true when that comes in time. */
  answered(withinMs: number): Promise<boolean> {
    return this.#states.answered(withinMs);
  }

  open(): void {
    this.#states.open();
  }

  close(): void {
    this.#states.close();
  }
}
