import { builtInPrompt, composeSystemPrompt, detectLanguage, type Message, type PromptItem, saidAt } from '@continuo/domain';
import type { PromptMessage, RecalledItem, RecallResult, TokenCounter } from '@continuo/ports';
import type { ChatInput } from './chat-run.ts';

export interface PromptSettings {
  readonly timeZone: string;
  /** Messages of the conversation that go with the question. */
  readonly historyMessages: number;
  /** Tokens they may have together; the newest stay. */
  readonly historyTokens: number;
}

/** Recall and history into the messages a model is sent. */
export class PromptWriter {
  private readonly tokens: TokenCounter;
  private readonly settings: PromptSettings;

  constructor(tokens: TokenCounter, settings: PromptSettings) {
    this.tokens = tokens;
    this.settings = settings;
  }

  get timeZone(): string {
    return this.settings.timeZone;
  }

  get historyLimit(): number {
    return this.settings.historyMessages;
  }

  /** System prompt with the memories, the conversation so far, the question. Messages about to be replaced are left out. */
  write(input: ChatInput, recall: RecallResult, history: readonly Message[], replaced: readonly string[]): readonly PromptMessage[] {
    const { timeZone } = this.settings;
    const language = detectLanguage(input.query);
    const prompt = input.systemPrompt ?? builtInPrompt(language, input.now, timeZone);
    const earlier = this.withinBudget(
      history.filter((message) => !message.partial && !replaced.includes(message.id) && message.content !== ''),
    );
    return [
      { role: 'system', content: composeSystemPrompt(prompt, promptItems(recall), language, timeZone) },
      ...earlier.map((message) => ({
        role: message.role === 'assistant' ? ('assistant' as const) : ('user' as const),
        content: message.content,
      })),
      { role: 'user', content: input.query },
    ];
  }

  private withinBudget(history: readonly Message[]): readonly Message[] {
    let left = this.settings.historyTokens;
    const kept: Message[] = [];
    for (const message of history.toReversed()) {
      left -= this.tokens.count(message.content);
      if (left < 0) break;
      kept.unshift(message);
    }
    return kept;
  }
}

/** What was recalled, as lines of the memory block: facts, then preferences, best first. */
export function promptItems(recall: RecallResult): readonly PromptItem[] {
  return [...recall.facts, ...recall.preferences].flatMap((item) => promptItem(item) ?? []);
}

function promptItem({ memory, turn }: RecalledItem): PromptItem | null {
  if (memory !== null) {
    const kind = memory.kind === 'fact' ? 'fact' : memory.preferenceType === 'implicit' ? 'implicit_preference' : 'explicit_preference';
    return { kind, text: memory.text, statedAt: memory.statedAt, assistantView: memory.origin === 'assistant' };
  }
  if (turn === null) return null;
  return { kind: 'fact', text: turn.content, statedAt: saidAt(turn), assistantView: turn.role === 'assistant' };
}
