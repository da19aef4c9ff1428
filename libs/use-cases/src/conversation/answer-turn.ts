import { AppError, drainInbox, indexOutbox } from '@continuo/contracts';
import type { Message } from '@continuo/domain';
import type {
  ChatModel,
  ChatModelEvent,
  JobQueue,
  MessageRecords,
  RecallApi,
  RecallResult,
  RequestRecords,
  TokenUsage,
} from '@continuo/ports';
import type { ChatEvent, ChatInput } from './chat-run.ts';
import { extractiveAnswer } from './extractive-answer.ts';
import type { PromptWriter } from './prompt-writer.ts';
import { storedAnswer } from './stored-answer.ts';
import type { TaskWatch } from './task-watch.ts';

/** The request a turn belongs to, and what stops it. */
export interface TurnContext {
  readonly requestId: string;
  readonly conversationId: string;
  /** Messages of this same request's earlier, partial turn. */
  readonly replaces: readonly string[];
  readonly signal: AbortSignal;
  readonly deadlineAt: number;
}

/** One turn: recall and history side by side, prompt, model, commit, signal. */
export class AnswerTurn {
  private readonly recall: RecallApi;
  private readonly model: ChatModel;
  private readonly messages: MessageRecords;
  private readonly requests: RequestRecords;
  private readonly jobs: JobQueue;
  private readonly prompts: PromptWriter;
  private readonly tasks: TaskWatch;

  constructor(parts: {
    readonly recall: RecallApi;
    readonly model: ChatModel;
    readonly messages: MessageRecords;
    readonly requests: RequestRecords;
    readonly jobs: JobQueue;
    readonly prompts: PromptWriter;
    readonly tasks: TaskWatch;
  }) {
    this.recall = parts.recall;
    this.model = parts.model;
    this.messages = parts.messages;
    this.requests = parts.requests;
    this.jobs = parts.jobs;
    this.prompts = parts.prompts;
    this.tasks = parts.tasks;
  }

  async *run(input: ChatInput, context: TurnContext): AsyncIterable<ChatEvent> {
    const { signal, deadlineAt, conversationId } = context;
    let text = '';
    let usage: TokenUsage | null = null;
    let outcome: 'open' | 'committed' | 'failed' = 'open';
    try {
      const [recall, history] = await Promise.all([
        this.recall.search(recallRequest(input, conversationId), { signal, deadlineAt }),
        this.messages.latest(input.scope, conversationId, {
          roles: ['user', 'assistant'],
          limit: this.prompts.historyLimit,
          erased: 'left_out',
        }),
      ]);
      for await (const event of this.speak(input, context, recall, history)) {
        signal.throwIfAborted();
        if (event.type === 'text') text += event.text;
        if (event.type === 'end') usage = event.usage;
        else yield event;
      }
      const stored = await this.store(input, context, text);
      outcome = 'committed';
      if (stored.taskId !== null) await this.whenStored(input, stored.taskId, signal);
      yield { type: 'end', answer: { response: stored.text, conversationId, recall, replayed: false, usage } };
    } catch (error) {
      if (!signal.aborted && outcome === 'open') {
        outcome = 'failed';
        await this.requests.abandon(context.requestId);
      }
      throw error;
    } finally {
      // Still open: the client has gone, or the server stops. What was said so far is kept.
      if (outcome === 'open' && !wasTakenOver(signal)) await this.keepPartial(input, context, text);
    }
  }

  private get isExtractive(): boolean {
    return !this.model.describe().available;
  }

  /** The model's answer, or what is remembered where there is no model. @throws AppError `model_unreadable` when nothing was said. */
  private async *speak(
    input: ChatInput,
    { signal, deadlineAt, replaces }: TurnContext,
    recall: RecallResult,
    history: readonly Message[],
  ): AsyncIterable<ChatModelEvent> {
    if (this.isExtractive) {
      yield { type: 'text', text: extractiveAnswer(input, recall, history, this.prompts.timeZone) };
      return;
    }
    const messages = this.prompts.write(input, recall, history, replaces);
    let isEmpty = true;
    for await (const event of this.model.stream(modelRequest(input, messages), { signal, deadlineAt })) {
      if (event.type === 'text' && event.text.trim() !== '') isEmpty = false;
      if (event.type === 'end' && isEmpty) throw new AppError('model_unreadable', 'the model gave an empty answer');
      yield event;
    }
  }

  /** The turn and the answer for whoever repeats the request, in one transaction. Should somebody else have been first, theirs is the answer. */
  private async store(
    input: ChatInput,
    { requestId, conversationId, replaces }: TurnContext,
    text: string,
  ): Promise<{ readonly text: string; readonly taskId: string | null }> {
    const answer = storedAnswer(text, conversationId);
    if (!input.remember) {
      await this.requests.answer(requestId, answer, Date.now());
      return { text, taskId: null };
    }
    const { taskId, messages, appended } = await this.messages.append({
      ...turnOf(input, conversationId, replaces),
      // An answer that only quotes memories must not become something to recall: it would echo itself.
      messages: [said('user', input.query, true), said('assistant', text, !this.isExtractive)],
      mine: true,
      answered: { requestId, answer },
      cutShort: null,
    });
    return { text: appended === 0 ? (messages.at(-1)?.content ?? text) : text, taskId };
  }

  /** The turn is stored: a signal that fails is made good by the sweep, and nobody waits for memories longer than they want to. */
  private async whenStored(input: ChatInput, taskId: string, signal: AbortSignal): Promise<void> {
    const lane = { project_id: input.scope.projectId, subject: input.scope.subject };
    await Promise.allSettled([this.jobs.enqueue(indexOutbox, {}), this.jobs.enqueue(drainInbox, lane)]);
    if (input.wait) await this.tasks.finished(input.scope.projectId, taskId, { until: input.now + this.tasks.waitMs, signal });
  }

  /** The partial turn is kept, never mined, and replaced when the same request returns. */
  private async keepPartial(input: ChatInput, { requestId, conversationId, replaces }: TurnContext, text: string): Promise<void> {
    if (!input.remember || text === '') {
      await this.requests.abandon(requestId);
      return;
    }
    await this.messages.append({
      ...turnOf(input, conversationId, replaces),
      messages: [said('user', input.query, false), { ...said('assistant', text, false), partial: true }],
      mine: false,
      answered: null,
      cutShort: { requestId },
    });
  }
}

/** Somebody else runs the request now: what was said here is not kept beside their turn. */
const wasTakenOver = (signal: AbortSignal): boolean => signal.aborted && AppError.is(signal.reason, 'deadline_exceeded');

const turnOf = (input: ChatInput, conversationId: string, replaces: readonly string[]) => ({
  scope: input.scope,
  conversationId,
  labels: input.labels,
  mode: 'turn' as const,
  now: Date.now(),
  replaces,
});

const said = (role: 'user' | 'assistant', content: string, recallable: boolean) => ({
  role,
  content,
  parts: null,
  chatTime: null,
  roleName: null,
  partial: false,
  recallable,
});

const recallRequest = (input: ChatInput, conversationId: string) => ({
  scope: input.scope,
  query: input.query,
  conversationId,
  filter: input.filter,
  limits: { fact: input.factLimit, preference: input.preferenceLimit },
  minRelativity: input.minRelativity,
  explainIds: input.explainIds,
});

const modelRequest = (input: ChatInput, messages: ReturnType<PromptWriter['write']>) => ({
  scope: input.scope,
  modelName: input.modelName,
  messages,
  temperature: input.temperature,
  topP: input.topP,
  maxTokens: input.maxTokens,
});
