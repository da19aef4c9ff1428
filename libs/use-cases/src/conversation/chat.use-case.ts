import { randomUUID } from 'node:crypto';
import { AppError } from '@continuo/contracts';
import type { Filter, Labels, Scope } from '@continuo/domain';
import type { CallOptions, RecallResult, RequestRecords, TokenUsage } from '@continuo/ports';
import type { AnswerTurn } from './answer-turn.ts';
import { pause } from './pause.ts';

export interface ChatInput {
  readonly scope: Scope;
  /** Null: a new conversation. */
  readonly conversationId: string | null;
  readonly query: string;
  readonly filter: Filter | null;
  readonly factLimit: number;
  readonly preferenceLimit: number;
  readonly minRelativity: number;
  readonly modelName: string | null;
  readonly systemPrompt: string | null;
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  /** Whether the turn is kept (`add_message_on_answer`). */
  readonly remember: boolean;
  /** Whether the answer waits for the turn's memories (`async_mode: false`). */
  readonly wait: boolean;
  readonly stream: boolean;
  readonly labels: Labels;
  readonly fingerprint: string;
  readonly idempotencyKey: string | null;
  readonly explainIds: readonly string[];
  readonly now: number;
}

export interface ChatAnswer {
  readonly response: string;
  readonly conversationId: string;
  /** Null when the answer was given again. */
  readonly recall: RecallResult | null;
  /** True when this is the answer of an identical earlier request. */
  readonly replayed: boolean;
  readonly usage: TokenUsage | null;
}

export type ChatEvent =
  | { readonly type: 'reasoning' | 'text'; readonly text: string }
  | { readonly type: 'end'; readonly answer: ChatAnswer };

/** One answer under way. Take `events` or `whole`, not both. */
export interface ChatRun {
  /** Pieces in order, then `end`; the turn is committed before `end`. Failures are thrown as `AppError`. */
  events(): AsyncIterable<ChatEvent>;
  whole(): Promise<ChatAnswer>;
  /** The answer reached its client: an identical request is a new question from now on. */
  delivered(): Promise<void>;
  /** Streamed: the model is stopped and what was said so far is kept. Not streamed: the answer is finished for the re-send. */
  clientGone(): void;
}

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

/** What is stored with a turn for whoever repeats the request. */
export const storedAnswer = (response: string, conversationId: string): string => JSON.stringify({ response, conversationId });

function replayOf(stored: string): ChatAnswer {
  const { response, conversationId } = JSON.parse(stored) as { response: string; conversationId: string };
  return { response, conversationId, recall: null, replayed: true, usage: null };
}
