import { AppError } from '@continuo/contracts';
import type { ExtractionOptions, Labels, MessageRole, NewMessage, Scope } from '@continuo/domain';
import type { CallOptions, JobQueue, MessageRecords, RequestRecords, Task } from '@continuo/ports';
import { conversationOf } from './conversation-of.ts';
import { pause } from './pause.ts';
import { signalSpaces } from './signal-spaces.ts';
import type { TaskWatch } from './task-watch.ts';

export interface AddMessagesInput {
  readonly scope: Scope;
  /** Further spaces that receive the same messages. */
  readonly copies: readonly Scope[];
  /** Null: the messages start a conversation of their own. */
  readonly conversationId: string | null;
  readonly messages: readonly NewMessage[];
  readonly labels: Labels;
  /** What is to be made of them; null: everything. */
  readonly extraction: ExtractionOptions | null;
  /** True: answer when the messages have been mined. */
  readonly wait: boolean;
  readonly idempotencyKey: string | null;
  /** SHA-256 over project, path and canonical body. */
  readonly fingerprint: string;
  readonly now: number;
}

export interface AddMessagesResult {
  readonly taskId: string;
  readonly status: Task['status'];
}

export interface AddSettings {
  /** How long an identical add is taken for a repeat. */
  readonly repeatMs: number;
  /** Unique per process. */
  readonly owner: string;
}

const LEASE_MS = 10_000;
const POLL_MS = 25;

/** What can be recalled verbatim: what people and assistants said, not instructions and tool output. */
const RECALLABLE: readonly MessageRole[] = ['user', 'assistant'];

/** Records what was said and asks for its extraction. The caller never waits for a model unless it wants to. */
export class AddMessages {
  private readonly records: MessageRecords;
  private readonly requests: RequestRecords;
  private readonly tasks: TaskWatch;
  private readonly jobs: JobQueue;
  private readonly settings: AddSettings;

  constructor(records: MessageRecords, requests: RequestRecords, tasks: TaskWatch, jobs: JobQueue, settings: AddSettings) {
    this.records = records;
    this.requests = requests;
    this.tasks = tasks;
    this.jobs = jobs;
    this.settings = settings;
  }

  /** @throws AppError `deadline_exceeded`, `records_unavailable`. */
  async execute(input: AddMessagesInput, options: CallOptions): Promise<AddMessagesResult> {
    // The conversation itself tells a repeat from news. Only where the caller names a key does the request have to.
    const taskId = input.idempotencyKey === null ? await this.append(input, null) : await this.once(input, options);
    const until = Math.min(Date.now() + this.tasks.waitMs, options.deadlineAt ?? Number.POSITIVE_INFINITY);
    return { taskId, status: input.wait ? await this.tasks.finished(input.scope.projectId, taskId, { ...options, until }) : 'running' };
  }

  private async append(input: AddMessagesInput, requestId: string | null): Promise<string> {
    const { scope, copies, labels, extraction, now } = input;
    const { taskId, appended } = await this.records.append({
      scope,
      conversationId: input.conversationId ?? conversationOf(scope, input.messages),
      messages: input.messages.map((message) => ({
        ...message,
        partial: false,
        recallable: RECALLABLE.includes(message.role) && message.content.trim() !== '',
      })),
      labels,
      purpose: 'said',
      extraction,
      copies,
      mode: 'history',
      mine: true,
      now,
      answered: requestId === null ? null : { requestId, answer: null },
      cutShort: null,
      replaces: [],
    });
    // Stored first: if these signals are lost, the sweep finds the messages still pending. What the first space knew may be news to others.
    if (appended > 0 || copies.length > 0) await signalSpaces(this.jobs, [scope, ...copies]);
    return taskId;
  }

  private async run(input: AddMessagesInput, requestId: string): Promise<string> {
    try {
      return await this.append(input, requestId);
    } catch (error) {
      await this.requests.abandon(requestId);
      throw error;
    }
  }

  private async once(input: AddMessagesInput, options: CallOptions): Promise<string> {
    for (;;) {
      const beginning = await this.requests.begin({
        scope: input.scope,
        kind: 'add',
        fingerprint: input.fingerprint,
        idempotencyKey: input.idempotencyKey,
        owner: this.settings.owner,
        now: Date.now(),
        leaseMs: LEASE_MS,
        keepMs: this.settings.repeatMs,
      });
      if (beginning.status === 'answered') return beginning.answer;
      if (beginning.status === 'started') return this.run(input, beginning.requestId);
      await pause(POLL_MS, options.signal);
      if (Date.now() > (options.deadlineAt ?? input.now + this.tasks.waitMs)) {
        throw new AppError('deadline_exceeded', 'an identical request is still being worked on');
      }
    }
  }
}
