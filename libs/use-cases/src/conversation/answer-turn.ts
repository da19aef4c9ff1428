import { drainInbox, indexOutbox } from '@continuo/contracts';
import type { CallOptions, ChatModel, JobQueue, MessageRecords, RecallApi, RecallResult, RequestRecords, TokenUsage } from '@continuo/ports';
import type { ChatAnswer, ChatEvent, ChatInput } from './chat-run.ts';
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
    const options: CallOptions = { signal: context.signal, deadlineAt: context.deadlineAt };
    let text = '';
    let usage: TokenUsage | null = null;
    let outcome: 'open' | 'committed' | 'failed' = 'open';
    try {
      const [recall, history] = await Promise.all([
        this.recall.search(recallRequest(input, context.conversationId), options),
        this.messages.latest(input.scope, context.conversationId, ['user', 'assistant'], this.prompts.historyLimit),
      ]);
      const extractive = !this.model.describe().available;
      if (extractive) {
        text = extractiveAnswer(input, recall, history, this.prompts.timeZone);
        yield { type: 'text', text };
      } else {
        const messages = this.prompts.write(input, recall, history, context.replaces);
        for await (const event of this.model.stream(modelRequest(input, messages), options)) {
          context.signal.throwIfAborted();
          if (event.type === 'end') usage = event.usage;
          else {
            if (event.type === 'text') text += event.text;
            yield event;
          }
        }
      }
      const answer = await this.commit(input, context, { text, recall, usage, extractive });
      outcome = 'committed';
      yield { type: 'end', answer };
    } catch (error) {
      if (!context.signal.aborted && outcome === 'open') {
        outcome = 'failed';
        await this.requests.abandon(context.requestId);
      }
      throw error;
    } finally {
      // Still open: the client has gone, or the server stops. What was said so far is kept.
      if (outcome === 'open') await this.keepPartial(input, context, text);
    }
  }

  private async commit(
    input: ChatInput,
    context: TurnContext,
    result: { readonly text: string; readonly recall: RecallResult; readonly usage: TokenUsage | null; readonly extractive: boolean },
  ): Promise<ChatAnswer> {
    const { conversationId, requestId } = context;
    const stored = storedAnswer(result.text, conversationId);
    if (!input.remember) await this.requests.answer(requestId, stored, Date.now());
    else {
      const { taskId } = await this.messages.append({
        scope: input.scope,
        conversationId,
        // An answer that only quotes memories must not become something to recall: it would echo itself.
        messages: [said('user', input.query, true), said('assistant', result.text, !result.extractive && result.text !== '')],
        labels: input.labels,
        mode: 'turn',
        mine: true,
        now: Date.now(),
        answered: { requestId, answer: stored },
        replaces: context.replaces,
      });
      await this.signal(input);
      if (input.wait) await this.tasks.finished(input.scope.projectId, taskId, { until: input.now + this.tasks.waitMs });
    }
    return { response: result.text, conversationId, recall: result.recall, replayed: false, usage: result.usage };
  }

  private async signal(input: ChatInput): Promise<void> {
    await this.jobs.enqueue(indexOutbox, {});
    await this.jobs.enqueue(drainInbox, { project_id: input.scope.projectId, subject: input.scope.subject });
  }

  /** The partial turn is kept and flagged, never mined, and replaced when the same request returns. */
  private async keepPartial(input: ChatInput, context: TurnContext, text: string): Promise<void> {
    const { requestId, conversationId, replaces } = context;
    if (!input.remember || text === '') {
      await this.requests.abandon(requestId);
      return;
    }
    const { messages } = await this.messages.append({
      scope: input.scope,
      conversationId,
      messages: [said('user', input.query, false), { ...said('assistant', text, false), partial: true }],
      labels: input.labels,
      mode: 'turn',
      mine: false,
      now: Date.now(),
      answered: null,
      replaces,
    });
    await this.requests.cutShort(
      requestId,
      messages.map((message) => message.id),
    );
  }
}

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
  modelName: input.modelName,
  messages,
  temperature: input.temperature,
  topP: input.topP,
  maxTokens: input.maxTokens,
});
