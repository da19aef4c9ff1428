import { AppError, MAX_ADD_TOKENS, MAX_CHAT_TOKENS, MAX_QUERY_TOKENS, type InputMessage, textOfContent } from '@continuo/contracts';
import type { TokenCounter } from '@continuo/ports';

/** The contract's limits on what may be sent, in tokens. */
export class InputLimits {
  private readonly tokens: TokenCounter;

  constructor(tokens: TokenCounter) {
    this.tokens = tokens;
  }

  /** @throws AppError `messages_too_long`. */
  messages(messages: readonly InputMessage[]): void {
    const texts = messages.flatMap((message) => [
      textOfContent(message.content),
      ...(message.tool_calls ?? []).map((call) => call.function.arguments),
    ]);
    if (this.tokens.exceeds(texts.join('\n'), MAX_ADD_TOKENS)) {
      throw new AppError('messages_too_long', `messages must have at most ${MAX_ADD_TOKENS} tokens together.`);
    }
  }

  /** @throws AppError `messages_too_long`, `input_too_long` for the question. */
  conversation(turns: readonly string[]): void {
    if (this.tokens.exceeds(turns.join('\n'), MAX_ADD_TOKENS))
      throw new AppError('messages_too_long', `messages must have at most ${MAX_ADD_TOKENS} tokens together.`);
    this.text('query', turns.at(-1) ?? '', MAX_CHAT_TOKENS);
  }

  /** @throws AppError `input_too_long`. */
  chatQuery(query: string): void {
    this.text('query', query, MAX_CHAT_TOKENS);
  }

  /** @throws AppError `input_too_long`. */
  searchQuery(query: string): void {
    this.text('query', query, MAX_QUERY_TOKENS);
  }

  /** @throws AppError `input_too_long`, which names the field. */
  text(field: string, text: string, limit: number): void {
    if (this.tokens.exceeds(text, limit)) throw new AppError('input_too_long', `${field} must have at most ${limit} tokens.`);
  }
}
