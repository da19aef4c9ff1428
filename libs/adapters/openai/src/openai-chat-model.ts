import { AppError } from '@continuo/contracts';
import type {
  CallOptions,
  ChatModel,
  ChatModelDescription,
  ChatModelEvent,
  ChatModelRequest,
  TokenCounter,
  TokenUsage,
} from '@continuo/ports';
import type OpenAI from 'openai';
import { AnswerReader } from './answer-reader.ts';
import type { CallWatch } from './call-watch.ts';
import { findModel, type ModelRegistry, type RegisteredModel } from './model-registry.ts';
import { CallReport } from './call-report.ts';
import type { ProviderConnections } from './provider-connections.ts';
import { tellTooLong } from './provider-errors.ts';
import { failureOf, request as sendRequest } from './provider-request.ts';
import { settleTurn } from './provider-limits.ts';
import { ceilingFor, estimatedUsage, promptTokens } from './token-budget.ts';
import { withFallback } from './fallback.ts';

/** How long a complete answer waits for the provider's count of tokens. */
const USAGE_GRACE_MS = 1_000;
/** How long somebody who waits for an answer waits for their turn at a model whose limits are reached. */
const TURN_PATIENCE_MS = 2_000;

/** An answer whose first event has arrived. */
interface OpenAnswer {
  readonly model: RegisteredModel;
  readonly reader: AnswerReader;
  readonly watch: CallWatch;
  readonly first: ChatModelEvent;
  readonly report: CallReport;
  readonly claimedTokens: number;
}

/** Answers prompts through any provider that speaks the OpenAI protocol. */
export class OpenAiChatModel implements ChatModel {
  readonly #registry: ModelRegistry;
  readonly #connections: ProviderConnections;
  readonly #tokens: TokenCounter;

  constructor(registry: ModelRegistry, connections: ProviderConnections, tokens: TokenCounter) {
    this.#registry = registry;
    this.#connections = connections;
    this.#tokens = tokens;
  }

  stream(request: ChatModelRequest, options: CallOptions): AsyncIterable<ChatModelEvent> {
    return { [Symbol.asyncIterator]: () => this.#iterate(request, options) };
  }

  describe(): ChatModelDescription {
    return {
      available: true,
      models: this.#registry.models.map(({ publicName, upstreamName, baseUrl }) => ({
        publicName,
        upstreamName,
        baseUrl: withoutSecrets(baseUrl),
      })),
      reason: this.#registry.reason,
    };
  }

  /** A generator ends only after the pull it is busy with; this iterator cancels that pull as well. */
  #iterate(request: ChatModelRequest, options: CallOptions): AsyncIterator<ChatModelEvent, undefined> {
    const ended = new AbortController();
    const signal = options.signal === undefined ? ended.signal : AbortSignal.any([options.signal, ended.signal]);
    const events = this.#events(request, { ...options, signal });
    return {
      next: async () => {
        try {
          return await events.next();
        } catch (error) {
          if (ended.signal.aborted) return { done: true, value: undefined };
          throw error;
        }
      },
      return: async () => {
        ended.abort();
        return events.return(undefined);
      },
    };
  }

  async *#events(request: ChatModelRequest, options: CallOptions): AsyncGenerator<ChatModelEvent, undefined> {
    options.signal?.throwIfAborted();
    const { model: primary, fallback } = this.#modelsFor(request.modelName);
    const answer = await withFallback(primary, fallback, (model) => this.#open(model, request, options)).catch(tellTooLong);
    const { watch, report } = answer;
    try {
      for (let event = answer.first; ; event = await this.#nextEvent(answer, options)) {
        if (event.type === 'end') this.#succeeded(answer, event.usage);
        yield event;
        if (event.type === 'end') return undefined;
      }
    } catch (error) {
      report.failed(error);
      throw error;
    } finally {
      watch.close();
      report.aborted();
    }
  }

  #succeeded({ model, report, claimedTokens }: OpenAnswer, usage: TokenUsage): void {
    settleTurn(this.#connections, model, claimedTokens, usage);
    report.succeeded(usage);
  }

  #modelsFor(name: string | null): { readonly model: RegisteredModel; readonly fallback: RegisteredModel | null } {
    const { answer } = this.#registry.roles;
    const model = findModel(this.#registry, name ?? answer.model);
    if (model === undefined)
      throw new AppError(
        'model_unknown',
        `model_name must be one of: ${this.#registry.models.map(({ publicName }) => publicName).join(', ')}.`,
      );
    return { model, fallback: answer.fallback === null ? null : (findModel(this.#registry, answer.fallback) ?? null) };
  }

  async #open(model: RegisteredModel, request: ChatModelRequest, options: CallOptions): Promise<OpenAnswer> {
    const report = new CallReport(this.#connections, 'answer', model, options);
    try {
      const { result, watch, claimedTokens } = await sendRequest(this.#connections, {
        model,
        options,
        promptTokens: () => promptTokens(request.messages, this.#tokens),
        patienceMs: TURN_PATIENCE_MS,
        body: () => this.#body(model, request),
        send: async (client, body, requestWatch) => this.#firstEvent(model, request, client, body, requestWatch),
      });
      return { model, watch, report, claimedTokens, ...result };
    } catch (error) {
      report.failed(error);
      throw error;
    }
  }

  #body(model: RegisteredModel, request: ChatModelRequest): Record<string, unknown> {
    const dialect = this.#connections.dialectOf(model);
    const maxTokens = ceilingFor(model, request.messages, request.maxTokens, this.#tokens);
    return {
      model: model.upstreamName,
      messages: request.messages,
      ...dialect.sampling(request.temperature, request.topP, maxTokens),
      ...dialect.streaming(),
    };
  }

  async #firstEvent(
    model: RegisteredModel,
    request: ChatModelRequest,
    client: OpenAI,
    body: Record<string, unknown>,
    watch: CallWatch,
  ): Promise<Pick<OpenAnswer, 'reader' | 'first'>> {
    // Providers take parameters the SDK's types do not know.
    const parameters = body as unknown as OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;
    const stream = await client.chat.completions.create(parameters, { signal: watch.signal });
    const reader = new AnswerReader(stream[Symbol.asyncIterator](), {
      model: model.publicName,
      reasoning: model.dialect.reasoning,
      estimate: (answer) => estimatedUsage(request.messages, answer, this.#tokens),
      onFinish: () => watch.arm(USAGE_GRACE_MS),
    });
    return { reader, first: await reader.next() };
  }

  async #nextEvent({ model, reader, watch }: OpenAnswer, options: CallOptions): Promise<ChatModelEvent> {
    watch.arm(model.idleTimeoutMs);
    try {
      return await reader.next();
    } catch (error) {
      throw failureOf(error, watch, { model, options }, true, this.#connections.now());
    } finally {
      watch.disarm();
    }
  }
}

/** A base URL may carry a user name and a password. */
function withoutSecrets(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) return baseUrl;
  const url = new URL(baseUrl);
  return `${url.origin}${url.pathname.replace(/\/+$/u, '')}`;
}
