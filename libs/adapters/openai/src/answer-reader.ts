import { AppError } from '@continuo/contracts';
import type { ChatModelEvent, TokenUsage } from '@continuo/ports';
import type OpenAI from 'openai';
import type { ReasoningDialect } from './model-registry.ts';
import { readUsage } from './token-usage.ts';
import { ThinkSplitter, type SplitPiece } from './think-splitter.ts';

type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk;
type Delta = Chunk['choices'][number]['delta'] & { readonly reasoning_content?: unknown; readonly reasoning?: unknown };

export interface AnswerReaderOptions {
  /** Public name, for sentences. */
  readonly model: string;
  readonly reasoning: ReasoningDialect;
  /** Asked only where the provider counts nothing. */
  readonly estimate: (answer: string) => TokenUsage;
  /** Called once the provider has said that the answer is complete; only usage may follow. */
  readonly onFinish: () => void;
}

/** Turns a provider's chunks into the events of the port. */
export class AnswerReader {
  readonly #chunks: AsyncIterator<Chunk, unknown>;
  readonly #options: AnswerReaderOptions;
  readonly #splitter: ThinkSplitter | null;
  readonly #ready: ChatModelEvent[] = [];
  #written = '';
  #hasText = false;
  #finish: string | null = null;
  #usage: TokenUsage | null = null;

  constructor(chunks: AsyncIterator<Chunk, unknown>, options: AnswerReaderOptions) {
    this.#chunks = chunks;
    this.#options = options;
    this.#splitter = options.reasoning === 'field' ? null : new ThinkSplitter(options.reasoning === 'inline_open');
  }

  /** The next event. After `end` it must not be called again. @throws AppError `model_cut_off`, or whatever the chunks throw. */
  async next(): Promise<ChatModelEvent> {
    for (;;) {
      const event = this.#ready.shift();
      if (event !== undefined) return event;
      const chunk = await this.#nextChunk();
      if (chunk === null) return this.#end();
      this.#take(chunk);
    }
  }

  async #nextChunk(): Promise<Chunk | null> {
    try {
      const result = await this.#chunks.next();
      return result.done === true ? null : result.value;
    } catch (error) {
      // The answer is complete: a connection that breaks while usage is awaited takes nothing from it.
      if (this.#finish !== null) return null;
      throw error;
    }
  }

  #take(chunk: Chunk): void {
    this.#usage = readUsage(chunk.usage) ?? this.#usage;
    const choice = chunk.choices?.[0];
    if (choice === undefined) return;
    const delta: Delta | undefined = choice.delta;
    const reasoning = [delta?.reasoning_content, delta?.reasoning].find((value) => typeof value === 'string' && value !== '');
    if (typeof reasoning === 'string') this.#add([{ type: 'reasoning', text: reasoning }]);
    if (typeof delta?.content === 'string' && delta.content !== '') this.#add(this.#split(delta.content));
    // Wider than the SDK's type: some servers write an empty reason until there is one.
    const reason: string | null | undefined = choice.finish_reason;
    if (typeof reason !== 'string' || reason === '' || this.#finish !== null) return;
    this.#finish = reason;
    this.#options.onFinish();
    this.#add(this.#splitter?.end() ?? []);
  }

  #split(content: string): SplitPiece[] {
    return this.#splitter?.push(content) ?? [{ type: 'text', text: content }];
  }

  #add(pieces: readonly SplitPiece[]): void {
    for (const piece of pieces) {
      this.#written += piece.text;
      this.#hasText ||= piece.type === 'text';
      this.#ready.push(piece);
    }
  }

  #end(): ChatModelEvent {
    const { model, estimate } = this.#options;
    if (this.#finish === null) throw new AppError('model_cut_off', `The answer of ${model} ended before it was complete.`);
    if (this.#finish === 'content_filter' && !this.#hasText) {
      throw new AppError('model_rejected', `The provider of ${model} withheld the answer.`);
    }
    const finish = this.#finish === 'length' || this.#finish === 'max_tokens' ? 'length' : 'stop';
    return { type: 'end', finish, usage: this.#usage ?? estimate(this.#written) };
  }
}
