import { randomUUID } from 'node:crypto';
import { AppError } from '@continuo/contracts';
import type { NewMessage, Scope } from '@continuo/domain';
import type { CallOptions, RequestRecords } from '@continuo/ports';
import type { AnswerTurn } from './answer-turn.ts';
import type { ChatAnswer, ChatEvent, ChatInput, ChatRun } from './chat-run.ts';
import { pause } from './pause.ts';
import { replayOf } from './stored-answer.ts';

export interface ChatSettings {
  /** A chat that is not streamed runs no longer than this, client or none. */
  readonly timeoutMs: number;
  /** How long an undelivered answer is given again. */
  readonly repeatMs: number;
  /** Unique per process. */
  readonly owner: string;
}

const LEASE_MS = 15_000;
const POLL_MS = 50;

/** Answers one message with what is remembered: joins or replays a repeat, else runs the turn. */
export class Chat {
  private readonly requests: RequestRecords;
  private readonly turn: AnswerTurn;
  private readonly settings: ChatSettings;

  constructor(requests: RequestRecords, turn: AnswerTurn, settings: ChatSettings) {
    this.requests = requests;
    this.turn = turn;
    this.settings = settings;
  }

  /** Where a told conversation belongs that its caller does not name: where it is stored, else in a new one. */
  async conversationOfTold(scope: Scope, told: readonly NewMessage[]): Promise<string> {
    return (await this.turn.conversationOfTold(scope, told)) ?? randomUUID();
  }

  execute(input: ChatInput, options: CallOptions): ChatRun {
    return new Run(this.requests, this.turn, this.settings, input, options);
  }
}

class Run implements ChatRun {
  private readonly requests: RequestRecords;
  private readonly turn: AnswerTurn;
  private readonly settings: ChatSettings;
  private readonly input: ChatInput;
  private readonly deadlineAt: number;
  private readonly stop = new AbortController();
  private readonly outer: AbortSignal | undefined;
  private readonly abort = (): void => this.stop.abort(this.outer?.reason);
  private requestId: string | null = null;

  constructor(requests: RequestRecords, turn: AnswerTurn, settings: ChatSettings, input: ChatInput, options: CallOptions) {
    this.requests = requests;
    this.turn = turn;
    this.settings = settings;
    this.input = input;
    this.deadlineAt = options.deadlineAt ?? input.now + settings.timeoutMs;
    this.outer = options.signal;
  }

  async whole(): Promise<ChatAnswer> {
    for await (const event of this.events()) if (event.type === 'end') return event.answer;
    throw new AppError('model_cut_off', 'the answer ended before its end');
  }

  async *events(): AsyncIterable<ChatEvent> {
    // The outer signal lives as long as the process; what listens to it must go with the run.
    if (this.outer?.aborted === true) this.abort();
    this.outer?.addEventListener('abort', this.abort, { once: true });
    try {
      yield* this.answer();
    } finally {
      this.outer?.removeEventListener('abort', this.abort);
    }
  }

  async delivered(): Promise<void> {
    if (this.requestId !== null) await this.requests.delivered(this.requestId);
  }

  clientGone(): void {
    if (this.input.stream) this.stop.abort(new AppError('client_gone', 'the client closed the connection'));
  }

  private async *answer(): AsyncIterable<ChatEvent> {
    const beginning = await this.begin();
    this.requestId = beginning.requestId;
    if (beginning.status === 'answered') {
      const answer = replayOf(beginning.answer);
      if (answer.response !== '') yield { type: 'text', text: answer.response };
      yield { type: 'end', answer };
      return;
    }
    const lease = this.holdLease(beginning.requestId);
    try {
      yield* this.turn.run(this.input, {
        requestId: beginning.requestId,
        owner: this.settings.owner,
        conversationId: this.input.conversationId ?? beginning.requestId,
        replaces: beginning.replaces,
        signal: this.stop.signal,
        deadlineAt: this.deadlineAt,
      });
    } finally {
      clearInterval(lease);
    }
  }

  private async begin(): Promise<
    | { readonly status: 'started'; readonly requestId: string; readonly replaces: readonly string[] }
    | { readonly status: 'answered'; readonly requestId: string; readonly answer: string }
  > {
    for (;;) {
      this.stop.signal.throwIfAborted();
      const { scope, fingerprint, idempotencyKey } = this.input;
      const beginning = await this.requests.begin({
        scope,
        kind: 'chat',
        fingerprint,
        idempotencyKey,
        owner: this.settings.owner,
        now: Date.now(),
        leaseMs: LEASE_MS,
        keepMs: this.settings.repeatMs,
      });
      if (beginning.status !== 'running') return beginning;
      const answer = await this.join(beginning.requestId);
      if (answer !== null) return { status: 'answered', requestId: beginning.requestId, answer };
    }
  }

  /** Waits for whoever runs the identical request; null when that one is gone and the work is to be taken over. */
  private async join(requestId: string): Promise<string | null> {
    for (;;) {
      const state = await this.requests.state(requestId, Date.now());
      if (state?.status === 'answered') return state.answer;
      if (state === null || state.status === 'orphaned') return null;
      if (Date.now() > this.deadlineAt) throw new AppError('deadline_exceeded', 'an identical request is still being answered');
      await pause(POLL_MS, this.stop.signal);
    }
  }

  private holdLease(requestId: string): NodeJS.Timeout {
    const renew = (): void => {
      this.requests.renew(requestId, this.settings.owner, Date.now() + LEASE_MS).then(
        (kept) => {
          if (!kept) this.stop.abort(new AppError('deadline_exceeded', 'an identical request has taken over'));
        },
        // Not renewed is not lost: the commit of the turn decides who was first.
        () => undefined,
      );
    };
    return setInterval(renew, LEASE_MS / 3).unref();
  }
}
