import { AppError } from '@continuo/contracts';
import type {
  CallOptions,
  PromptMessage,
  StructuredModel,
  StructuredReply,
  StructuredRequest,
  TokenCounter,
  TokenUsage,
} from '@continuo/ports';
import type OpenAI from 'openai';
import { CallReport } from './call-report.ts';
import { withFallback } from './fallback.ts';
import { isStrictSchema, requiredKeysOf } from './json-schema-reading.ts';
import { refusesFormat, rungBelow, type StructuredRung } from './learned-dialect.ts';
import { findModel, type ModelRegistry, type RegisteredModel } from './model-registry.ts';
import type { ProviderConnections } from './provider-connections.ts';
import { settleTurn } from './provider-limits.ts';
import { request as sendRequest } from './provider-request.ts';
import { readItems } from './structured-reading.ts';
import { ceilingFor, estimatedUsage, promptTokens } from './token-budget.ts';
import { readUsage } from './token-usage.ts';

type Message = OpenAI.Chat.Completions.ChatCompletionMessage & { readonly reasoning_content?: unknown; readonly reasoning?: unknown };

/** The same input gives the same items, as far as a model allows. */
const TEMPERATURE = 0;

interface RawReply {
  /** What the model wrote, or null when it wrote nothing. */
  readonly text: string | null;
  readonly finish: string | null;
  readonly usage: TokenUsage;
}

/** Asks models for JSON through any provider that speaks the OpenAI protocol. */
export class OpenAiStructuredModel implements StructuredModel {
  readonly #registry: ModelRegistry;
  readonly #connections: ProviderConnections;
  readonly #tokens: TokenCounter;

  constructor(registry: ModelRegistry, connections: ProviderConnections, tokens: TokenCounter) {
    this.#registry = registry;
    this.#connections = connections;
    this.#tokens = tokens;
  }

  available(role: StructuredRequest['role']): boolean {
    const assignment = this.#registry.roles[role];
    return assignment !== null && findModel(this.#registry, assignment.model) !== undefined;
  }

  async complete(request: StructuredRequest, options: CallOptions): Promise<StructuredReply> {
    options.signal?.throwIfAborted();
    const assignment = this.#registry.roles[request.role];
    const model = assignment === null ? undefined : findModel(this.#registry, assignment.model);
    if (assignment === null || model === undefined) throw new AppError('model_unknown', `No model is configured to ${request.role}.`);
    const fallback = assignment.fallback === null ? null : (findModel(this.#registry, assignment.fallback) ?? null);
    return withFallback(model, fallback, (asked) => this.#counted(asked, request, options));
  }

  async #counted(model: RegisteredModel, request: StructuredRequest, options: CallOptions): Promise<StructuredReply> {
    const report = new CallReport(this.#connections, request.role, model, options);
    try {
      const reply = await this.#downTheLadder(model, request, options);
      report.succeeded(reply.usage);
      return reply;
    } catch (error) {
      report.failed(error);
      throw error;
    }
  }

  /**
   * From the rung that last worked down to plain text: a step for a refusal of the format, and one for a provider that took the format and ignored it.
   * A rung is kept only once a lower one has proved better.
   */
  async #downTheLadder(model: RegisteredModel, request: StructuredRequest, options: CallOptions): Promise<StructuredReply> {
    const dialect = this.#connections.dialectOf(model);
    let firstFailure: unknown;
    for (let rung: StructuredRung | null = dialect.rung; rung !== null; rung = rungBelow(rung)) {
      try {
        const reply = await this.#atRung(rung, model, request, options);
        dialect.keepRung(rung);
        return reply;
      } catch (error) {
        firstFailure ??= error;
        if (!isWorthAStep(error, dialect.isProven)) throw firstFailureOf(firstFailure, error);
      }
    }
    throw firstFailure;
  }

  async #atRung(rung: StructuredRung, model: RegisteredModel, request: StructuredRequest, options: CallOptions): Promise<StructuredReply> {
    const raw = await this.#ask(rung, model, request, options);
    const read = raw.text === null ? null : readItems(raw.text, request.itemsKey, requiredKeysOf(request.schema, request.itemsKey));
    const wasCut = raw.finish === 'length' || raw.finish === 'max_tokens';
    // An empty list that is all there is was meant; some models only go on with white space up to their ceiling.
    if (read === null || (wasCut && read.salvaged && read.items.length === 0)) throw unreadable(model, raw, wasCut);
    return { items: read.items, salvaged: read.salvaged || wasCut, modelName: model.publicName, usage: raw.usage };
  }

  async #ask(rung: StructuredRung, model: RegisteredModel, request: StructuredRequest, options: CallOptions): Promise<RawReply> {
    const dialect = this.#connections.dialectOf(model);
    const messages = rung === 'json_schema' ? request.messages : withSchemaInWords(request);
    const { result, watch, claimedTokens } = await sendRequest(this.#connections, {
      model,
      options,
      promptTokens: () => promptTokens(messages, this.#tokens),
      patienceMs: null,
      body: () => ({
        model: model.upstreamName,
        messages,
        ...dialect.sampling(TEMPERATURE, 1, ceilingFor(model, messages, request.maxTokens, this.#tokens)),
        ...dialect.thinkingOff(),
        ...responseFormat(rung, request),
      }),
      send: async (client, body, requestWatch) => {
        // Providers take parameters the SDK's types do not know.
        const parameters = body as unknown as OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming;
        return client.chat.completions.create(parameters, { signal: requestWatch.signal });
      },
    });
    watch.close();
    const reply = this.#rawReply(result, messages);
    settleTurn(this.#connections, model, claimedTokens, reply.usage);
    return reply;
  }

  #rawReply(completion: OpenAI.Chat.Completions.ChatCompletion, messages: readonly PromptMessage[]): RawReply {
    const choice = completion.choices?.[0];
    const message: Message | undefined = choice?.message;
    // With thinking off some servers put the whole answer where reasoning would be.
    const written = [message?.content, message?.reasoning_content, message?.reasoning];
    const text = written.find((part): part is string => typeof part === 'string' && part.trim() !== '') ?? null;
    const usage = readUsage(completion.usage) ?? estimatedUsage(messages, text ?? '', this.#tokens);
    return { text, finish: choice?.finish_reason ?? null, usage };
  }
}

/** Marks an unreadable reply that another way of asking might have made readable. */
const IGNORED_FORMAT = Symbol('ignored format');

function unreadable(model: RegisteredModel, raw: RawReply, wasCut: boolean): AppError {
  const how = wasCut ? 'was cut off before its first item' : raw.text === null ? 'was empty' : 'holds no readable JSON';
  return new AppError('model_unreadable', `The reply of ${model.publicName} ${how}.`, wasCut ? {} : { cause: IGNORED_FORMAT });
}

function isWorthAStep(error: unknown, isProven: boolean): boolean {
  if (AppError.is(error, 'model_unreadable')) return !isProven && error.options.cause === IGNORED_FORMAT;
  return (
    AppError.is(error) && (error.code === 'model_rejected' || error.code === 'model_unavailable') && refusesFormat(error.options.cause)
  );
}

/** Of a refusal and what followed it, the refusal; but a caller who left, or a provider that failed since, is told as it is. */
function firstFailureOf(first: unknown, last: unknown): unknown {
  return AppError.is(last, 'model_rejected') ? first : last;
}

function responseFormat(rung: StructuredRung, request: StructuredRequest): Record<string, unknown> {
  switch (rung) {
    case 'json_schema':
      return {
        response_format: {
          type: 'json_schema',
          json_schema: { name: request.name, strict: isStrictSchema(request.schema), schema: request.schema },
        },
      };
    case 'json_object':
      return { response_format: { type: 'json_object' } };
    case 'plain':
      return {};
  }
}

/** The schema as an instruction, in the system message: many chat templates take only one, and only at the start. */
function withSchemaInWords(request: StructuredRequest): readonly PromptMessage[] {
  const instruction =
    'Reply with one JSON object and nothing else: no explanation, no code fence. ' +
    `It must match this JSON schema:\n${JSON.stringify(request.schema)}`;
  const [first, ...rest] = request.messages;
  if (first?.role !== 'system') return [{ role: 'system', content: instruction }, ...request.messages];
  return [{ role: 'system', content: `${first.content}\n\n${instruction}` }, ...rest];
}
