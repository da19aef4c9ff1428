import {
  builtInPrompt,
  composeSystemPrompt,
  detectLanguage,
  type Memory,
  type Message,
  type NewMessage,
  type PromptItem,
  saidAt,
  type SkillDetails,
  subjectId,
} from '@continuo/domain';
import type { PromptMessage, RecalledItem, RecallResult, TokenCounter } from '@continuo/ports';
import type { ChatInput } from './chat-run.ts';

/** What of an earlier message a prompt needs. */
export type EarlierMessage = Pick<NewMessage, 'role' | 'content'>;

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

  /** System prompt with the memories, the conversation so far, the question. */
  write(input: ChatInput, recall: RecallResult, history: readonly EarlierMessage[]): readonly PromptMessage[] {
    const { timeZone } = this.settings;
    const language = detectLanguage(input.query);
    const prompt = input.systemPrompt ?? builtInPrompt(language, input.now, timeZone);
    return [
      { role: 'system', content: composeSystemPrompt(prompt, promptItems(recall), language, timeZone) },
      ...history.map((message) => ({
        role: message.role === 'assistant' ? ('assistant' as const) : ('user' as const),
        content: message.content,
      })),
      { role: 'user', content: input.query },
    ];
  }

  /** The newest messages that fit. */
  withinBudget(history: readonly EarlierMessage[]): readonly EarlierMessage[] {
    let left = this.settings.historyTokens;
    const kept: EarlierMessage[] = [];
    for (const message of history.toReversed()) {
      left -= this.tokens.count(message.content);
      if (left < 0) break;
      kept.unshift(message);
    }
    return kept;
  }
}

/** What was recalled, as lines of the memory block: facts, then preferences, then skills, best first. */
export function promptItems(recall: RecallResult): readonly PromptItem[] {
  return [...recall.facts, ...recall.preferences, ...recall.skills].flatMap((item) => promptItem(item) ?? []);
}

function promptItem({ memory, turn }: RecalledItem): PromptItem | null {
  if (memory !== null) {
    const { skill, document } = memory.details;
    return {
      kind: kindOf(memory),
      text: skill === undefined ? memory.text : textOfSkill(skill),
      statedAt: memory.statedAt,
      assistantView: memory.origin === 'assistant',
      fileName: document?.fileName ?? null,
    };
  }
  if (turn === null) return null;
  return { kind: 'fact', text: nameSpeaker(turn), statedAt: saidAt(turn), assistantView: turn.role === 'assistant', fileName: null };
}

function kindOf(memory: Memory): PromptItem['kind'] {
  if (memory.kind === 'skill') return 'skill';
  if (memory.kind !== 'preference') return 'fact';
  return memory.preferenceType === 'implicit' ? 'implicit_preference' : 'explicit_preference';
}

const textOfSkill = ({ name, description, procedure, experience, preference }: SkillDetails): string =>
  [`${name}: ${description}`, procedure, ...experience, ...preference].filter((text) => text.trim() !== '').join('\n');

/** What somebody else than the subject said begins with their name. */
function nameSpeaker({ content, role, roleName, speakerId, scope }: Message): string {
  if (role !== 'user' || speakerId === null || speakerId === subjectId(scope.subject)) return content;
  return `${roleName ?? speakerId}: ${content}`;
}
