import type { PromptMessage, TokenCounter, TokenUsage } from '@continuo/ports';
import type { RegisteredModel } from './model-registry.ts';

/** Tokens a chat template adds around each message, as OpenAI counts them. */
const TOKENS_PER_MESSAGE = 4;
/** Tokenizers differ: what we count may be this much short of what the model counts. */
const COUNTING_MARGIN = 1.15;

/** Estimated tokens of a prompt. */
export function promptTokens(messages: readonly PromptMessage[], tokens: TokenCounter): number {
  return messages.reduce((sum, message) => sum + tokens.count(message.content) + TOKENS_PER_MESSAGE, 0);
}

/** Usage where the provider counts nothing. */
export function estimatedUsage(messages: readonly PromptMessage[], answer: string, tokens: TokenCounter): TokenUsage {
  return { promptTokens: promptTokens(messages, tokens), answerTokens: tokens.count(answer) };
}

/**
 * The answer's ceiling, lowered to what the model's window leaves: some servers refuse a request whose prompt and ceiling together do not fit.
 * A prompt that fills the window by itself keeps the ceiling; the provider knows best.
 */
export function ceilingFor(model: RegisteredModel, messages: readonly PromptMessage[], maxTokens: number, tokens: TokenCounter): number {
  // No text has more tokens than bytes: most prompts fit without counting.
  const bytes = messages.reduce((sum, message) => sum + Buffer.byteLength(message.content) + TOKENS_PER_MESSAGE, 0);
  if (bytes * COUNTING_MARGIN + maxTokens <= model.contextTokens) return maxTokens;
  const left = Math.floor(model.contextTokens - promptTokens(messages, tokens) * COUNTING_MARGIN);
  return left > 0 ? Math.min(maxTokens, left) : maxTokens;
}
