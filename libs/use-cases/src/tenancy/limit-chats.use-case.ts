import { AppError } from '@continuo/contracts';
import type { Project, TokenCounter, UsageRecords } from '@continuo/ports';

/** What a chat took of its project's day. */
export interface ChatAllowance {
  /** The answer was given: its tokens count. */
  answered(response: string): Promise<void>;
  /** Nothing came of it: its question does not count. */
  failed(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** Beside what background work spends under the plain day. */
const REQUESTS = 'chat requests';
const ANSWERS = 'chat answers';

const UNCOUNTED: ChatAllowance = { answered: async () => undefined, failed: async () => undefined };

/** Keeps the chats of a project within the tokens its settings allow a day (UTC). */
export class LimitChats {
  private readonly usage: UsageRecords;
  private readonly tokens: TokenCounter;

  constructor(usage: UsageRecords, tokens: TokenCounter) {
    this.usage = usage;
    this.tokens = tokens;
  }

  /** Takes the question's share. @throws AppError `chat_requests_used_up`, `chat_answers_used_up`. */
  async execute({ project, questions, now }: { project: Project; questions: readonly string[]; now: number }): Promise<ChatAllowance> {
    const { chatRequestTokensPerDay: requestLimit, chatAnswerTokensPerDay: answerLimit } = project.settings.limits;
    if (requestLimit === null && answerLimit === null) return UNCOUNTED;
    const day = new Date(now).toISOString().slice(0, 10);
    const options = { retryAfterMs: DAY_MS - (now % DAY_MS) };
    if (answerLimit !== null && (await this.usage.spent(project.id, `${day} ${ANSWERS}`)) >= answerLimit)
      throw new AppError('chat_answers_used_up', 'the tokens of answers this project may have in a day are used up.', options);
    const asked = requestLimit === null ? 0 : questions.reduce((sum, text) => sum + this.tokens.count(text), 0);
    const giveBack = (): Promise<void> => this.add(project, `${day} ${REQUESTS}`, -asked);
    // Counted first: of two that ask for the last tokens at once, no more than one gets them.
    await this.add(project, `${day} ${REQUESTS}`, asked);
    if (requestLimit !== null && (await this.usage.spent(project.id, `${day} ${REQUESTS}`)) > requestLimit) {
      await giveBack();
      throw new AppError('chat_requests_used_up', 'the tokens of questions this project may ask in a day are used up.', options);
    }
    return {
      answered: (response) => this.add(project, `${day} ${ANSWERS}`, answerLimit === null ? 0 : this.tokens.count(response)),
      failed: giveBack,
    };
  }

  private async add(project: Project, day: string, tokens: number): Promise<void> {
    if (tokens !== 0) await this.usage.add(project.id, day, tokens);
  }
}
