import type { Filter, Labels, NewMessage, Scope } from '@continuo/domain';
import type { RecallResult, RecallSpace, TokenUsage } from '@continuo/ports';

export interface ChatInput {
  readonly scope: Scope;
  /** Further spaces that are searched. */
  readonly others: readonly RecallSpace[];
  /** Further spaces that receive the turn. */
  readonly copies: readonly Scope[];
  /** Null: a new conversation. */
  readonly conversationId: string | null;
  readonly query: string;
  /**
   * The conversation so far as its caller tells it, without the question: it takes the place of the stored one in the prompt, and what
   * of it is not stored yet is stored with the turn. Null: the stored one.
   */
  readonly told: readonly NewMessage[] | null;
  readonly filter: Filter | null;
  readonly factLimit: number;
  readonly preferenceLimit: number;
  readonly skillLimit: number;
  readonly minRelativity: number;
  readonly modelName: string | null;
  readonly systemPrompt: string | null;
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  /** Texts before which the answer ends. */
  readonly stop: readonly string[];
  /** Whether the turn is kept (`add_message_on_answer`). */
  readonly remember: boolean;
  /** Whether the answer waits for the turn's memories (`async_mode: false`). */
  readonly wait: boolean;
  readonly stream: boolean;
  readonly labels: Labels;
  readonly fingerprint: string;
  readonly idempotencyKey: string | null;
  readonly explainIds: readonly string[];
  readonly now: number;
}

export interface ChatAnswer {
  readonly response: string;
  readonly conversationId: string;
  /** Null when the answer was given again. */
  readonly recall: RecallResult | null;
  /** True when this is the answer of an identical earlier request. */
  readonly replayed: boolean;
  readonly usage: TokenUsage | null;
  /** length: it was cut at its ceiling. */
  readonly finish: 'stop' | 'length';
}

export type ChatEvent =
  | { readonly type: 'reasoning' | 'text'; readonly text: string }
  | { readonly type: 'end'; readonly answer: ChatAnswer };

/** One answer under way. Take `events` or `whole`, not both. */
export interface ChatRun {
  /** Pieces in order, then `end`; the turn is committed before `end`. Failures are thrown as `AppError`. */
  events(): AsyncIterable<ChatEvent>;
  whole(): Promise<ChatAnswer>;
  /** The answer reached its client: an identical request is a new question from now on. */
  delivered(): Promise<void>;
  /** Streamed: the model is stopped and what was said so far is kept. Not streamed: the answer is finished for the re-send. */
  clientGone(): void;
}
