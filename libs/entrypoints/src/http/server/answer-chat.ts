import { Inject, Injectable } from '@nestjs/common';
import { errorFields, Metrics, type Log } from '@continuo/platform';
import type { ChatAllowance, ChatAnswer, ChatRun } from '@continuo/use-cases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Draining } from '../draining.ts';
import { HTTP_LOG } from '../http-log.ts';
import { HTTP_SETTINGS, type HttpSettings } from '../http-settings.ts';
import { streamChat } from './chat-stream.ts';
import type { ChatWire } from './chat-wire.ts';
import { replyHeaders } from './request-tracing.ts';
import { wasSent } from './server-sent-events.ts';

/** One chat on its way to its client. */
export interface ChatUnderWay {
  readonly run: ChatRun;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly wire: ChatWire;
  readonly stream: boolean;
  /** Further headers of the reply. */
  readonly headers: Readonly<Record<string, string>>;
  readonly allowance: ChatAllowance;
}

/** What a client has been given so far. */
interface Given {
  /** Null: it has not come to its end. */
  answer: ChatAnswer | null;
  streamed: string;
}

/** Delivers answers, whole or streamed, and counts what they took. */
@Injectable()
export class AnswerChat {
  private readonly draining: Draining;
  private readonly settings: HttpSettings;
  private readonly metrics: Metrics;
  private readonly log: Log;

  constructor(draining: Draining, @Inject(HTTP_SETTINGS) settings: HttpSettings, metrics: Metrics, @Inject(HTTP_LOG) log: Log) {
    this.draining = draining;
    this.settings = settings;
    this.metrics = metrics;
    this.log = log;
  }

  async deliver(chat: ChatUnderWay): Promise<void> {
    // Counted to its very end: a chat that is not streamed runs on after its client has gone.
    const finish = this.draining.begin();
    const given: Given = { answer: null, streamed: '' };
    try {
      await (chat.stream ? this.stream(chat, given) : this.whole(chat, given));
    } finally {
      await this.settle(chat, given);
      finish();
    }
  }

  private async whole(chat: ChatUnderWay, given: Given): Promise<void> {
    const answer = await chat.run.whole();
    this.finished(given, answer);
    const sent = wasSent(chat.reply.raw);
    void chat.reply.headers({ ...chat.headers }).send(chat.wire.whole(answer));
    if (await sent) await this.markDelivered(chat);
  }

  private async stream(chat: ChatUnderWay, given: Given): Promise<void> {
    this.metrics.streamBegan();
    try {
      await streamChat(chat.run, chat.reply, {
        heartbeatMs: this.settings.heartbeatMs,
        headers: { ...replyHeaders(chat.request), ...chat.headers },
        wire: chat.wire,
        onText: (text) => {
          given.streamed += text;
        },
        onAnswer: (answer) => this.finished(given, answer),
        onError: (error, thrown) =>
          this.log.warn('stream_failed', { requestId: chat.request.id, code: error.code, ...errorFields(thrown) }),
        delivered: () => this.markDelivered(chat),
      });
    } finally {
      this.metrics.streamEnded();
    }
  }

  /** An answer that was given again was counted when it was given first; of one that did not end, what was sent counts. */
  private async settle({ allowance, request }: ChatUnderWay, { answer, streamed }: Given): Promise<void> {
    try {
      const counts = answer === null ? streamed !== '' : !answer.replayed;
      await (counts ? allowance.answered(answer?.response ?? streamed) : allowance.failed());
    } catch (error) {
      this.log.warn('usage_uncounted', { requestId: request.id, ...errorFields(error) });
    }
  }

  /** The answer has arrived; that it could not be noted down must not turn it into an error. */
  private async markDelivered({ run, request }: ChatUnderWay): Promise<void> {
    try {
      await run.delivered();
    } catch (error) {
      this.log.warn('delivery_unmarked', { requestId: request.id, ...errorFields(error) });
    }
  }

  private finished(given: Given, answer: ChatAnswer): void {
    given.answer = answer;
    const { recall } = answer;
    if (recall !== null) this.metrics.recalled(recall.state, recall.missingArms, recall.timings.totalMs);
  }
}
