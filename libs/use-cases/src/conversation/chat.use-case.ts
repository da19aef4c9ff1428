import { randomUUID } from 'node:crypto';
import { AppError } from '@continuo/contracts';
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
  private requestId: string | null = null;
  /** Only who ran or was given the stored answer may call it delivered. */
  private owns = false;

  constructor(requests: RequestRecords, turn: AnswerTurn, settings: ChatSettings, input: ChatInput, options: CallOptions) {
    this.requests = requests;
    this.turn = turn;
    this.settings = settings;
    this.input = input;
    this.deadlineAt = options.deadlineAt ?? input.now + settings.timeoutMs;
    options.signal?.addEventListener('abort', () => this.stop.abort(options.signal?.reason), { once: true });
  }

  async whole(): Promise<ChatAnswer> {
    for await (const event of this.events()) if (event.type === 'end') return event.answer;
    throw new AppError('model_cut_off', 'the answer ended before its end');
  }

  async *events(): AsyncIterable<ChatEvent> {
    const beginning = await this.begin();
    this.requestId = beginning.requestId;
    this.owns = true;
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
        conversationId: this.input.conversationId ?? randomUUID(),
        replaces: beginning.replaces,
        signal: this.stop.signal,
        deadlineAt: this.deadlineAt,
      });
    } finally {
      clearInterval(lease);
    }
  }

  async delivered(): Promise<void> {
    if (this.owns && this.requestId !== null) await this.requests.delivered(this.requestId);
  }

  clientGone(): void {
    if (this.input.stream) this.stop.abort(new AppError('client_gone', 'the client closed the connection'));
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
      // A lease that cannot be renewed may be taken over; the commit of the turn then decides who was first.
      this.requests.renew(requestId, this.settings.owner, Date.now() + LEASE_MS).catch(() => undefined);
    };
    return setInterval(renew, LEASE_MS / 3).unref();
  }
}
