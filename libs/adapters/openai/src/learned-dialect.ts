import { refusalText, statusOf } from './provider-errors.ts';
import type { ModelDialect, ThinkingOffDialect } from './model-registry.ts';

export type StructuredRung = 'json_schema' | 'json_object' | 'plain';

const LADDER: readonly StructuredRung[] = ['json_schema', 'json_object', 'plain'];
/** From off to least: the first a provider accepts is kept. */
const EFFORTS = ['none', 'minimal', 'low'] as const;

type Parameter = 'temperature' | 'top_p' | 'stream_options' | 'max_tokens' | 'thinking';

/** The names under which a provider may complain about what we send to switch thinking off. */
const THINKING_PARAMETERS: Readonly<Record<ThinkingOffDialect, readonly string[]>> = {
  none: [],
  vllm: ['chat_template_kwargs', 'enable_thinking'],
  enable_thinking: ['enable_thinking'],
  reasoning_effort: ['reasoning_effort', 'reasoning.effort'],
  thinking_disabled: ['thinking'],
  thinking_budget: ['extra_body', 'thinking_config', 'thinking_budget', 'google'],
};

/** What one upstream model was found to accept, kept for the life of the process: a refusal is paid for once. */
export class LearnedDialect {
  readonly #dialect: ModelDialect;
  readonly #dropped = new Set<Parameter>();
  #maxTokensName: 'max_tokens' | 'max_completion_tokens' = 'max_tokens';
  #effort = 0;
  #rung: StructuredRung;
  #isProven = false;

  constructor(dialect: ModelDialect) {
    this.#dialect = dialect;
    this.#rung = dialect.structured === 'auto' ? 'json_schema' : dialect.structured;
  }

  get rung(): StructuredRung {
    return this.#rung;
  }

  /** True once a reply asked for this way could be read: from then on an unreadable one is the reply's fault, not the rung's. */
  get isProven(): boolean {
    return this.#isProven;
  }

  /** Keeps a rung that worked; never climbs. */
  keepRung(rung: StructuredRung): void {
    this.#isProven = true;
    if (LADDER.indexOf(rung) > LADDER.indexOf(this.#rung)) this.#rung = rung;
  }

  /** Parameters of every request, without those this provider refuses. */
  sampling(temperature: number, topP: number, maxTokens: number): Record<string, unknown> {
    return {
      ...(this.#dropped.has('temperature') ? {} : { temperature }),
      ...(this.#dropped.has('top_p') ? {} : { top_p: topP }),
      ...(this.#dropped.has('max_tokens') ? {} : { [this.#maxTokensName]: maxTokens }),
    };
  }

  streaming(): Record<string, unknown> {
    return { stream: true, ...(this.#dropped.has('stream_options') ? {} : { stream_options: { include_usage: true } }) };
  }

  thinkingOff(): Record<string, unknown> {
    if (this.#dropped.has('thinking')) return {};
    switch (this.#dialect.thinkingOff) {
      case 'none':
        return {};
      case 'vllm':
        return { chat_template_kwargs: { enable_thinking: false } };
      case 'enable_thinking':
        return { enable_thinking: false };
      case 'reasoning_effort':
        return { reasoning_effort: EFFORTS[this.#effort] };
      case 'thinking_disabled':
        return { thinking: { type: 'disabled' } };
      case 'thinking_budget':
        return { extra_body: { google: { thinking_config: { thinking_budget: 0 } } } };
    }
  }

  /** Learns from a refusal that names a parameter; true: the next request differs and is worth sending. */
  learn(error: unknown, sent: Readonly<Record<string, unknown>>): boolean {
    const status = statusOf(error);
    if (status !== 400 && status !== 422) return false;
    const text = refusalText(error);
    return this.#learnMaxTokens(text, sent) || this.#learnThinking(text, sent) || this.#learnOptional(text, sent);
  }

  #learnMaxTokens(text: string, sent: Readonly<Record<string, unknown>>): boolean {
    if ('max_tokens' in sent && text.includes('max_completion_tokens')) return this.#rename('max_completion_tokens');
    // Not a limit that is merely too high for the model's window: without a limit the answer would be cut there all the same.
    if ('max_tokens' in sent && /unsupported|unrecognized|unknown|not permitted|extra/u.test(text) && mentions(text, 'max_tokens')) {
      return this.#rename('max_completion_tokens');
    }
    if ('max_completion_tokens' in sent && mentions(text, 'max_completion_tokens')) return this.#drop('max_tokens');
    return false;
  }

  #learnThinking(text: string, sent: Readonly<Record<string, unknown>>): boolean {
    const parameters = THINKING_PARAMETERS[this.#dialect.thinkingOff];
    const wasSent = Object.keys(this.thinkingOff()).some((name) => name in sent);
    if (!wasSent || !parameters.some((name) => mentions(text, name))) return false;
    if (this.#dialect.thinkingOff === 'reasoning_effort' && this.#effort < EFFORTS.length - 1 && !/unrecognized|unknown/u.test(text)) {
      this.#effort += 1;
      return true;
    }
    return this.#drop('thinking');
  }

  #learnOptional(text: string, sent: Readonly<Record<string, unknown>>): boolean {
    const named = (['stream_options', 'temperature', 'top_p'] as const).find((name) => name in sent && mentions(text, name));
    return named !== undefined && this.#drop(named);
  }

  #rename(name: 'max_completion_tokens'): boolean {
    this.#maxTokensName = name;
    return true;
  }

  #drop(parameter: Parameter): boolean {
    this.#dropped.add(parameter);
    return true;
  }
}

/** The rung below; null: there is none. */
export function rungBelow(rung: StructuredRung): StructuredRung | null {
  return LADDER[LADDER.indexOf(rung) + 1] ?? null;
}

/** True when a refusal may be about the way JSON was asked for. Silent about the reason counts: the plain way tells. */
export function refusesFormat(error: unknown): boolean {
  const status = statusOf(error);
  if (status === null) return false;
  const text = refusalText(error);
  if (/context.{0,20}(length|window|size)|maximum context|too many tokens|prompt is too long/u.test(text)) return false;
  if (status === 400 || status === 415 || status === 422 || status === 501) return true;
  return status === 500 && /response_format|json_schema|json_object|grammar|schema/u.test(text);
}

function mentions(text: string, parameter: string): boolean {
  return new RegExp(`(^|[^a-z_])${parameter.replace('.', '\\.')}([^a-z_]|$)`, 'u').test(text);
}
