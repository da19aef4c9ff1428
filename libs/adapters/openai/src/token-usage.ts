import type { TokenUsage } from '@continuo/ports';

/** What a provider says it counted; some say half of it, or nonsense. Null: nothing that can be used. */
export function readUsage(
  usage: { readonly prompt_tokens?: unknown; readonly completion_tokens?: unknown } | null | undefined,
): TokenUsage | null {
  const { prompt_tokens: promptTokens, completion_tokens: answerTokens } = usage ?? {};
  return isCount(promptTokens) && isCount(answerTokens) ? { promptTokens, answerTokens } : null;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
