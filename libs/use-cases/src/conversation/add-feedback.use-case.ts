import { randomUUID } from 'node:crypto';
import type { Labels, Scope } from '@continuo/domain';
import type { JobQueue, MessageRecords, Task } from '@continuo/ports';
import { signalSpaces } from './signal-spaces.ts';

export interface AddFeedbackInput {
  readonly scope: Scope;
  /** Further spaces it is meant for: knowledge bases, the public space. */
  readonly copies: readonly Scope[];
  /** The conversation it is about; null: none. */
  readonly conversationId: string | null;
  readonly content: string;
  /** When it was given, epoch milliseconds; null: now. */
  readonly givenAt: number | null;
  readonly labels: Labels;
  readonly now: number;
}

/** Keeps what somebody says about what is remembered, to be applied in its turn among the messages of the subject. */
export class AddFeedback {
  private readonly records: MessageRecords;
  private readonly jobs: JobQueue;

  constructor(records: MessageRecords, jobs: JobQueue) {
    this.records = records;
    this.jobs = jobs;
  }

  async execute(input: AddFeedbackInput): Promise<{ readonly taskId: string; readonly status: Task['status'] }> {
    const { scope, copies, content, givenAt, labels, now } = input;
    const { taskId } = await this.records.append({
      scope,
      conversationId: input.conversationId ?? randomUUID(),
      messages: [
        { role: 'user', content, parts: null, chatTime: givenAt, roleName: null, speakerId: null, partial: false, recallable: false },
      ],
      labels,
      purpose: 'feedback',
      extraction: null,
      copies,
      mode: 'turn',
      mine: true,
      now,
      answered: null,
      cutShort: null,
      replaces: [],
    });
    await signalSpaces(this.jobs, [scope, ...copies]);
    return { taskId, status: 'running' };
  }
}
