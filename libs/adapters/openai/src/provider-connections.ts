import type { ErrorCode } from '@continuo/contracts';
import type { SharedLimits, TokenUsage } from '@continuo/ports';
import OpenAI from 'openai';
import { CircuitBreaker } from './circuit-breaker.ts';
import { LearnedDialect } from './learned-dialect.ts';
import type { ModelRole, RegisteredModel } from './model-registry.ts';
import { ProcessLimits } from './process-limits.ts';

/** Our own limits end requests; the SDK's must not come first. */
const NO_SDK_TIMEOUT_MS = 2_147_483_647;

/** What the SDK would tell providers about this machine. */
const STATISTICS_HEADERS = ['Arch', 'Lang', 'OS', 'Package-Version', 'Retry-Count', 'Runtime', 'Runtime-Version', 'Timeout'];

/** One piece of work a model was asked for, retries included. Carries no text. */
export interface ModelCall {
  readonly role: ModelRole;
  /** Public name. */
  readonly model: string;
  /** `aborted`: the caller went away. */
  readonly outcome: 'ok' | 'aborted' | ErrorCode;
  readonly durationMs: number;
  /** Null unless the outcome is `ok`. */
  readonly usage: TokenUsage | null;
}

export interface ProviderConnectionsOptions {
  /** Told after every call, for counting. */
  readonly onCall?: (call: ModelCall) => void;
  /** Counts what the processes that share a provider use of its limits. Default: this process counts for itself. */
  readonly limits?: SharedLimits;
  /** Epoch milliseconds. Default: the system's clock. */
  readonly now?: () => number;
  /** 0–1, spreads retries. Default: `Math.random`. */
  readonly random?: () => number;
}

/** What the models of one process share about their providers: clients, breakers, dialects learned, the counting. */
export class ProviderConnections {
  readonly now: () => number;
  readonly random: () => number;
  readonly limits: SharedLimits;
  readonly #onCall: (call: ModelCall) => void;
  readonly #clients = new Map<string, OpenAI>();
  readonly #breakers = new Map<string, CircuitBreaker>();
  readonly #dialects = new Map<string, LearnedDialect>();

  constructor(options: ProviderConnectionsOptions = {}) {
    this.now = options.now ?? Date.now;
    this.random = options.random ?? Math.random;
    this.limits = options.limits ?? new ProcessLimits(this.now);
    this.#onCall = options.onCall ?? (() => {});
  }

  clientOf(model: RegisteredModel): OpenAI {
    return remembered(this.#clients, `${model.baseUrl} ${model.apiKey ?? ''}`, () => newClient(model));
  }

  /** One per base URL: its models go down together. */
  breakerOf(model: RegisteredModel): CircuitBreaker {
    return remembered(this.#breakers, model.baseUrl, () => new CircuitBreaker(this.now));
  }

  /** One per upstream model, whatever its public names. */
  dialectOf(model: RegisteredModel): LearnedDialect {
    const key = [model.baseUrl, model.upstreamName, model.dialect.structured, model.dialect.thinkingOff].join(' ');
    return remembered(this.#dialects, key, () => new LearnedDialect(model.dialect));
  }

  report(call: ModelCall): void {
    this.#onCall(call);
  }
}

function remembered<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function newClient(model: RegisteredModel): OpenAI {
  return new OpenAI({
    baseURL: model.baseUrl,
    // The SDK insists on a key; servers that ask for none ignore it.
    apiKey: model.apiKey ?? 'none',
    maxRetries: 0,
    // A prompt goes where the configuration says and nowhere else.
    fetchOptions: { redirect: 'error' },
    timeout: NO_SDK_TIMEOUT_MS,
    // Its log lines may quote requests.
    logLevel: 'off',
    // Explicit, so that nothing is taken from the environment behind the configuration's back.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    defaultHeaders: {
      'User-Agent': 'continuo',
      ...Object.fromEntries(STATISTICS_HEADERS.map((name) => [`X-Stainless-${name}`, null])),
    },
  });
}
