import { AppError } from '@continuo/contracts';
import { forEachKind, type NewMessage, type Scope, subjectId } from '@continuo/domain';
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
import type { EarlierMessage, PromptWriter } from './prompt-writer.ts';
import { signalSpaces } from './signal-spaces.ts';
import { stopAt } from './stop-at.ts';
import { storedAnswer } from './stored-answer.ts';
import type { TaskWatch } from './task-watch.ts';

/** The last answers may be unknown, cut by the client or given by somebody else; so many together are another conversation. */
const TOLD_ANSWERS_SOUGHT = 3;

/** The request a turn belongs to, and what stops it. */
export interface TurnContext {
  readonly requestId: string;
  /** The process that runs it. */
  readonly owner: string;
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

  /** The newest conversation that holds what the assistant is told to have said last, or before that; null: a new one begins. */
  async conversationOfTold(scope: Scope, told: readonly NewMessage[]): Promise<string | null> {
    const answers = told.filter(({ role }) => role === 'assistant').slice(-TOLD_ANSWERS_SOUGHT);
    for (const answer of answers.toReversed()) {
      const conversationId = await this.messages.conversationHolding(scope, answer);
      if (conversationId !== null) return conversationId;
    }
    return null;
  }

  async *run(input: ChatInput, context: TurnContext): AsyncIterable<ChatEvent> {
    const { signal, deadlineAt, conversationId } = context;
    let text = '';
    let usage: TokenUsage | null = null;
    let finish: 'stop' | 'length' = 'stop';
    let outcome: 'open' | 'committed' | 'failed' = 'open';
    try {
      const [recall, history] = await Promise.all([
        this.recall.search(recallRequest(input, conversationId), { signal, deadlineAt }),
        input.told ?? this.storedHistory(input, context),
      ]);
      for await (const event of this.speak(input, context, recall, history)) {
        signal.throwIfAborted();
        if (event.type === 'text') text += event.text;
        if (event.type === 'end') ({ usage, finish } = event);
        else yield event;
      }
      const stored = await this.store(input, context, text);
      outcome = 'committed';
      if (stored.taskId !== null) await this.whenStored(input, stored.taskId, signal);
      yield { type: 'end', answer: { response: stored.text, conversationId, recall, replayed: false, usage, finish } };
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

  /** What was said in the conversation before, without messages that this turn replaces. */
  private async storedHistory({ scope }: ChatInput, { conversationId, replaces }: TurnContext): Promise<readonly EarlierMessage[]> {
    const { historyLimit: limit } = this.prompts;
    const stored = await this.messages.latest(scope, conversationId, { roles: ['user', 'assistant'], limit, erased: 'left_out' });
    return this.prompts.withinBudget(
      stored.filter((message) => !message.partial && !replaces.includes(message.id) && message.content !== ''),
    );
  }

  private get isExtractive(): boolean {
    return !this.model.describe().available;
  }

  /** The model's answer, or what is remembered where there is no model. @throws AppError `model_unreadable` when nothing was said. */
  private async *speak(
    input: ChatInput,
    { signal, deadlineAt }: TurnContext,
    recall: RecallResult,
    history: readonly EarlierMessage[],
  ): AsyncIterable<ChatModelEvent> {
    if (this.isExtractive) {
      yield { type: 'text', text: extractiveAnswer(input, recall, history, this.prompts.timeZone) };
      return;
    }
    const messages = this.prompts.write(input, recall, history);
    let isEmpty = true;
    const answer = this.model.stream(modelRequest(input, messages), { signal, deadlineAt });
    for await (const event of input.stop.length === 0 ? answer : stopAt(answer, input.stop)) {
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
      mode: input.told === null ? 'turn' : 'told',
      // An answer that only quotes memories must not become something to recall: it would echo itself.
      messages: [
        ...(input.told ?? []).map(toldBefore),
        said(input, 'user', input.query, true),
        said(input, 'assistant', asTold(input, text), !this.isExtractive),
      ],
      mine: true,
      answered: { requestId, answer },
      cutShort: null,
    });
    // The client of a told conversation gives it back itself: what is stored of it is no answer to this request.
    return { text: appended === 0 && input.told === null ? (messages.at(-1)?.content ?? text) : text, taskId };
  }

  /** The turn is stored: a signal that fails is made good by the sweep, and nobody waits for memories longer than they want to. */
  private async whenStored(input: ChatInput, taskId: string, signal: AbortSignal): Promise<void> {
    await Promise.allSettled([signalSpaces(this.jobs, [input.scope, ...input.copies])]);
    if (input.wait) await this.tasks.finished(input.scope.projectId, taskId, { until: input.now + this.tasks.waitMs, signal });
  }

  /** The partial turn is kept and replaced when the same request returns. What the user said was said; the piece of an answer is never mined. */
  private async keepPartial(input: ChatInput, { requestId, owner, conversationId, replaces }: TurnContext, text: string): Promise<void> {
    if (!input.remember || asTold(input, text) === '') {
      await this.requests.abandon(requestId);
      return;
    }
    await this.messages.append({
      ...turnOf(input, conversationId, replaces),
      mode: 'turn',
      copies: [],
      messages: [said(input, 'user', input.query, true), { ...said(input, 'assistant', asTold(input, text), false), partial: true }],
      mine: true,
      answered: null,
      cutShort: { requestId, owner },
    });
    await Promise.allSettled([signalSpaces(this.jobs, [input.scope])]);
  }
}

/** Somebody else runs the request now: what was said here is not kept beside their turn. */
const wasTakenOver = (signal: AbortSignal): boolean => signal.aborted && AppError.is(signal.reason, 'deadline_exceeded');

const turnOf = (input: ChatInput, conversationId: string, replaces: readonly string[]) => ({
  scope: input.scope,
  conversationId,
  labels: input.labels,
  purpose: 'said' as const,
  extraction: null,
  copies: input.copies,
  now: Date.now(),
  replaces,
});

const said = (input: ChatInput, role: 'user' | 'assistant', content: string, recallable: boolean) => ({
  role,
  content,
  parts: null,
  chatTime: null,
  roleName: null,
  // In the space of another, "I" would be that other.
  speakerId: input.copies.length > 0 && role === 'user' ? subjectId(input.scope.subject) : null,
  partial: false,
  recallable,
});

/** Whoever tells the conversation tells it without white space around it. */
const asTold = ({ told }: ChatInput, answer: string): string => (told === null ? answer : answer.trim());

const toldBefore = (message: NewMessage) => ({ ...message, partial: false, recallable: message.content.trim() !== '' });

const recallRequest = (input: ChatInput, conversationId: string) => ({
  scope: input.scope,
  others: input.others,
  query: input.query,
  conversationId,
  filter: input.filter,
  limits: { ...forEachKind(() => 0), fact: input.factLimit, preference: input.preferenceLimit, skill: input.skillLimit },
  together: null,
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
