/** Names of the public API for chat models; the first is its default. Matched case-insensitively. */
export const PUBLIC_MODEL_NAMES = ['qwen2.5-72b-instruct', 'qwen3-32b', 'deepseek-r1'] as const;

/** Longest wait for the first piece of an answer, or for the whole of a structured reply. */
export const DEFAULT_TIMEOUT_MS = 60_000;
/** Longest silence inside an answer that has begun. */
export const DEFAULT_IDLE_TIMEOUT_MS = 30_000;
/** Tokens of prompt and answer together, where the models file does not say: what small local models serve. */
export const DEFAULT_CONTEXT_TOKENS = 32_768;

/** How JSON is asked for. `auto` starts at `json_schema`; every value steps down when the provider refuses it, and the step is remembered. */
export type StructuredDialect = 'auto' | 'json_schema' | 'json_object' | 'plain';

/**
 * What switches thinking off for structured work:
 * `vllm` chat_template_kwargs.enable_thinking (vLLM, SGLang, llama.cpp); `enable_thinking` (DashScope); `reasoning_effort` (OpenAI, Ollama);
 * `thinking_disabled` thinking.type (DeepSeek, Moonshot, Anthropic); `thinking_budget` 0 (Gemini); `none`: nothing is sent.
 */
export type ThinkingOffDialect = 'none' | 'vllm' | 'enable_thinking' | 'reasoning_effort' | 'thinking_disabled' | 'thinking_budget';

/**
 * Where reasoning arrives. `auto` reads `reasoning_content`, `reasoning` and `<think>` blocks in the text; `field` leaves the text alone;
 * `inline_open` is for templates that open the block themselves, so that the text starts inside it.
 */
export type ReasoningDialect = 'auto' | 'field' | 'inline_open';

export interface ModelDialect {
  readonly structured: StructuredDialect;
  readonly thinkingOff: ThinkingOffDialect;
  readonly reasoning: ReasoningDialect;
}

/** One model a provider serves, under one public name. */
export interface RegisteredModel {
  /** What callers write in `model_name`; matched case-insensitively. */
  readonly publicName: string;
  /** OpenAI-compatible, up to and including the version: `https://host/v1`. */
  readonly baseUrl: string;
  /** What the provider calls it. */
  readonly upstreamName: string;
  /** The key itself, resolved by the configuration; null: the provider asks for none. */
  readonly apiKey: string | null;
  readonly dialect: ModelDialect;
  readonly contextTokens: number;
  /** Until the first piece of an answer, or for the whole of a structured reply. */
  readonly timeoutMs: number;
  /** Between two pieces of an answer. */
  readonly idleTimeoutMs: number;
  /** What all processes together may ask in a minute; null: no limit. */
  readonly requestsPerMinute: number | null;
  /** Tokens of prompts and answers that all processes together may use in a minute; null: no limit. */
  readonly tokensPerMinute: number | null;
}

export type ModelRole = 'answer' | 'extract' | 'reconcile';

/** Which model does a kind of work, by public name. */
export interface RoleAssignment {
  readonly model: string;
  /** Asked when the other is down, slow to begin or limiting; null: nobody. */
  readonly fallback: string | null;
}

/** The models file, parsed and checked: every name below exists, every key is resolved. */
export interface ModelRegistry {
  readonly models: readonly RegisteredModel[];
  /** `answer` serves requests that name no model; its fallback stands in for every answering model. Null: rules do this work. */
  readonly roles: { readonly answer: RoleAssignment; readonly extract: RoleAssignment | null; readonly reconcile: RoleAssignment | null };
  /** One sentence for people: which model and from which setting. */
  readonly reason: string;
}

export const DEFAULT_DIALECT: ModelDialect = { structured: 'auto', thinkingOff: 'none', reasoning: 'auto' };

/** The model of this name; undefined: the registry has none. */
export function findModel(registry: ModelRegistry, name: string): RegisteredModel | undefined {
  const wanted = name.trim().toLowerCase();
  return registry.models.find((model) => model.publicName.toLowerCase() === wanted);
}

export interface OneModel {
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly model: string;
  /** Default: guessed from the base URL, see `thinkingOffFor`. */
  readonly thinkingOff?: ThinkingOffDialect;
  /** Default: names the three settings of the short way. */
  readonly reason?: string;
}

/** The short way: one model answers under its own name and the public ones, and does the structured work as well. */
export function registryOfOne(one: OneModel): ModelRegistry {
  const names = [one.model, ...PUBLIC_MODEL_NAMES.filter((name) => name !== one.model.toLowerCase())];
  const models = names.map((publicName) => ({
    publicName,
    baseUrl: one.baseUrl.replace(/\/+$/u, ''),
    upstreamName: one.model,
    apiKey: one.apiKey === '' ? null : one.apiKey,
    dialect: { ...DEFAULT_DIALECT, thinkingOff: one.thinkingOff ?? thinkingOffFor(one.baseUrl) },
    contextTokens: DEFAULT_CONTEXT_TOKENS,
    timeoutMs: DEFAULT_TIMEOUT_MS,
    idleTimeoutMs: DEFAULT_IDLE_TIMEOUT_MS,
    requestsPerMinute: null,
    tokensPerMinute: null,
  }));
  const assignment: RoleAssignment = { model: one.model, fallback: null };
  return {
    models,
    roles: { answer: assignment, extract: assignment, reconcile: assignment },
    reason: one.reason ?? `${one.model} at ${hostOf(one.baseUrl)}, from OPENAI_BASE_URL and CONTINUO_MODEL.`,
  };
}

/** Dialects by host, for the short way and as a default of the models file. A provider that rejects the parameter is sent it once. */
const THINKING_OFF_BY_HOST: readonly (readonly [RegExp, ThinkingOffDialect])[] = [
  [/(^|\.)openai\.com$/u, 'reasoning_effort'],
  [/(^|\.)dashscope[\w-]*\.aliyuncs\.com$/u, 'enable_thinking'],
  [/(^|\.)siliconflow\.(cn|com)$/u, 'enable_thinking'],
  [/(^|\.)deepseek\.com$/u, 'thinking_disabled'],
  [/(^|\.)moonshot\.(cn|ai)$/u, 'thinking_disabled'],
  [/(^|\.)anthropic\.com$/u, 'thinking_disabled'],
  [/(^|\.)googleapis\.com$/u, 'thinking_budget'],
];

/** The likely switch of the provider behind a URL: by host name, by port on loopback, `vllm` for other servers on plain HTTP, else `none`. */
export function thinkingOffFor(baseUrl: string): ThinkingOffDialect {
  if (!URL.canParse(baseUrl)) return 'none';
  const { hostname, port, protocol } = new URL(baseUrl);
  const known = THINKING_OFF_BY_HOST.find(([host]) => host.test(hostname));
  if (known !== undefined) return known[1];
  if (port === '11434') return 'reasoning_effort';
  return protocol === 'http:' ? 'vllm' : 'none';
}

/** Host and port of a base URL, for sentences; never credentials or a path. */
export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : 'an invalid base URL';
}
