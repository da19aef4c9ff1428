import type { AppError, ChatCompletionChunk, ChatCompletionReply, CompletionUsage } from '@continuo/contracts';
import type { ChatAnswer, ChatEvent } from '@continuo/use-cases';
import type { ChatWire } from './chat-wire.ts';
import { openAiError } from './openai-errors.ts';
import { eventFrame } from './server-sent-events.ts';

export interface CompletionFacts {
  readonly id: string;
  /** The name the caller asked for. */
  readonly model: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether a stream tells its tokens at the end. */
  readonly tellsUsage: boolean;
  /** Tokens where the model counted none. */
  readonly estimate: (answer: string) => { readonly promptTokens: number; readonly answerTokens: number };
}

type Delta = ChatCompletionChunk['choices'][number]['delta'];

const DONE = 'data: [DONE]\n\n';

/** OpenAI's form. */
export function openAiWire(facts: CompletionFacts): ChatWire {
  const created = Math.floor(facts.now / 1_000);
  const head = { id: facts.id, created, model: facts.model };
  let hasBegun = false;

  const chunk = (choices: ChatCompletionChunk['choices'], usage?: CompletionUsage): string => {
    const usageMember = facts.tellsUsage ? { usage: usage ?? null } : {};
    return eventFrame({ ...head, object: 'chat.completion.chunk', choices, ...usageMember } satisfies ChatCompletionChunk);
  };
  const piece = (delta: Delta, finish: 'stop' | 'length' | null): string =>
    chunk([{ index: 0, delta, logprobs: null, finish_reason: finish }]);
  const beginning = (): string => {
    if (hasBegun) return '';
    hasBegun = true;
    return piece({ role: 'assistant', content: '' }, null);
  };
  return {
    whole: (answer) =>
      ({
        ...head,
        object: 'chat.completion',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: answer.response, refusal: null },
            logprobs: null,
            finish_reason: answer.finish,
          },
        ],
        usage: usageOf(answer, facts),
      }) satisfies ChatCompletionReply,
    frames: (event: ChatEvent) => {
      if (event.type !== 'end')
        return beginning() + piece(event.type === 'text' ? { content: event.text } : { reasoning_content: event.text }, null);
      const last = facts.tellsUsage ? chunk([], usageOf(event.answer, facts)) : '';
      return beginning() + piece({}, event.answer.finish) + last + DONE;
    },
    failure: (error: AppError) => eventFrame(openAiError(error)) + DONE,
  };
}

function usageOf({ usage, response }: ChatAnswer, facts: CompletionFacts): CompletionUsage {
  const { promptTokens, answerTokens } = usage ?? facts.estimate(response);
  return { prompt_tokens: promptTokens, completion_tokens: answerTokens, total_tokens: promptTokens + answerTokens };
}
