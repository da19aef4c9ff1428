import { AppError } from '@continuo/contracts';
import type { CallOptions, TokenUsage } from '@continuo/ports';
import type { ModelRole, RegisteredModel } from './model-registry.ts';
import type { ModelCall, ProviderConnections } from './provider-connections.ts';

/** Counts one call once: the first outcome told is the one reported. */
export class CallReport {
  readonly #connections: ProviderConnections;
  readonly #role: ModelRole;
  readonly #model: RegisteredModel;
  readonly #options: CallOptions;
  readonly #startedAt: number;
  #reported = false;

  constructor(connections: ProviderConnections, role: ModelRole, model: RegisteredModel, options: CallOptions) {
    this.#connections = connections;
    this.#role = role;
    this.#model = model;
    this.#options = options;
    this.#startedAt = connections.now();
  }

  succeeded(usage: TokenUsage): void {
    this.#report('ok', usage);
  }

  failed(error: unknown): void {
    if (this.#options.signal?.aborted === true) this.aborted();
    else this.#report(AppError.is(error) ? error.code : 'internal', null);
  }

  aborted(): void {
    this.#report('aborted', null);
  }

  #report(outcome: ModelCall['outcome'], usage: TokenUsage | null): void {
    if (this.#reported) return;
    this.#reported = true;
    const durationMs = this.#connections.now() - this.#startedAt;
    this.#connections.report({ role: this.#role, model: this.#model.publicName, outcome, durationMs, usage });
  }
}
