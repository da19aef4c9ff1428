import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import {
  ChatReply,
  ChatRequest,
  DEFAULT_MAX_TOKENS,
  DEFAULT_TEMPERATURE,
  DEFAULT_TOP_P,
  type RecallExplanation,
} from '@continuo/contracts';
import { userSubject } from '@continuo/domain';
import { errorFields, Metrics, type Log } from '@continuo/platform';
import type { Project } from '@continuo/ports';
import { Chat, type ChatAnswer, type ChatInput, type ChatRun } from '@continuo/use-cases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiReplies } from '../documentation/api-replies.ts';
import { Draining } from '../draining.ts';
import { HTTP_SETTINGS, type HttpSettings } from '../http-settings.ts';
import { HTTP_LOG } from '../http-log.ts';
import { InputLimits } from '../reading/input-limits.ts';
import { refuseWhatIsNotHereYet } from '../reading/not-here-yet.ts';
import { parseFilter } from '../reading/parse-filter.ts';
import { readLabels } from '../reading/read-messages.ts';
import { recallLimits } from '../reading/recall-limits.ts';
import { fingerprintOf } from '../reading/request-fingerprint.ts';
import { explainingOf, idempotencyKeyOf, type Explaining } from '../reading/request-headers.ts';
import { CallerProject } from '../server/caller.ts';
import { streamChat } from '../server/chat-stream.ts';
import { replyHeaders } from '../server/request-tracing.ts';
import { wasSent } from '../server/server-sent-events.ts';
import { ok } from '../shaping/ok.ts';
import { recallExplanation } from '../shaping/recall-explanation.ts';

/** One turn of a conversation: recall, prompt, answer, remember. */
@Controller()
export class ChatController {
  private readonly chat: Chat;
  private readonly limits: InputLimits;
  private readonly draining: Draining;
  private readonly settings: HttpSettings;
  private readonly metrics: Metrics;
  private readonly log: Log;

  constructor(
    chat: Chat,
    limits: InputLimits,
    draining: Draining,
    @Inject(HTTP_SETTINGS) settings: HttpSettings,
    metrics: Metrics,
    @Inject(HTTP_LOG) log: Log,
  ) {
    this.chat = chat;
    this.limits = limits;
    this.draining = draining;
    this.settings = settings;
    this.metrics = metrics;
    this.log = log;
  }

  @Post('chat')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Chat with memory',
    description:
      'Answers with what is remembered of the user, and remembers the turn. With `stream: true` the answer comes as server-sent events whose data is a ' +
      '`ChatStreamEvent`; the answer stops with its client. Without a chat model it answers from memory alone.',
    tag: 'Chat',
    reply: ChatReply,
    repeatable: true,
    explained: true,
    streams: true,
  })
  async turn(
    @CallerProject() project: Project,
    @Body({ schema: ChatRequest }) body: ChatRequest,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    refuseWhatIsNotHereYet(body);
    this.limits.chatQuery(body.query);
    const explaining = explainingOf(request);
    const run = this.chat.execute(this.inputOf(project, body, request, explaining), { signal: this.draining.signal });
    // Counted to its very end: a chat that is not streamed runs on after its client has gone.
    const finish = this.draining.begin();
    try {
      await (body.stream === true ? this.stream(run, request, reply, explaining) : this.whole(run, request, reply, explaining));
    } finally {
      finish();
    }
  }

  private async whole(run: ChatRun, request: FastifyRequest, reply: FastifyReply, explaining: Explaining): Promise<void> {
    const answer = await run.whole();
    this.countRecall(answer);
    const debug = debugOf(answer, explaining);
    const sent = wasSent(reply.raw);
    void reply.send(ok({ response: answer.response, conversation_id: answer.conversationId, ...(debug === undefined ? {} : { debug }) }));
    if (await sent) await this.markDelivered(run, request);
  }

  private async stream(run: ChatRun, request: FastifyRequest, reply: FastifyReply, explaining: Explaining): Promise<void> {
    this.metrics.streamBegan();
    try {
      await streamChat(run, reply, {
        heartbeatMs: this.settings.heartbeatMs,
        headers: replyHeaders(request),
        onAnswer: (answer) => {
          this.countRecall(answer);
          return debugOf(answer, explaining);
        },
        onError: (error, thrown) => this.log.warn('stream_failed', { requestId: request.id, code: error.code, ...errorFields(thrown) }),
        delivered: () => this.markDelivered(run, request),
      });
    } finally {
      this.metrics.streamEnded();
    }
  }

  /** The answer has arrived; that it could not be noted down must not turn it into an error. */
  private async markDelivered(run: ChatRun, request: FastifyRequest): Promise<void> {
    try {
      await run.delivered();
    } catch (error) {
      this.log.warn('delivery_unmarked', { requestId: request.id, ...errorFields(error) });
    }
  }

  private countRecall({ recall }: ChatAnswer): void {
    if (recall !== null) this.metrics.recalled(recall.state, recall.missingArms, recall.timings.totalMs);
  }

  private inputOf(project: Project, body: ChatRequest, request: FastifyRequest, explaining: Explaining): ChatInput {
    const limits = recallLimits(body, explaining.wanted);
    return {
      scope: { projectId: project.id, subject: userSubject(body.user_id) },
      conversationId: body.conversation_id ?? null,
      query: body.query,
      filter: parseFilter(body.filter, this.settings),
      factLimit: limits.fact,
      preferenceLimit: limits.preference,
      minRelativity: limits.minRelativity,
      modelName: orNull(body.model_name),
      systemPrompt: orNull(body.system_prompt),
      temperature: body.temperature ?? DEFAULT_TEMPERATURE,
      topP: body.top_p ?? DEFAULT_TOP_P,
      maxTokens: body.max_tokens ?? DEFAULT_MAX_TOKENS,
      remember: body.add_message_on_answer ?? true,
      wait: !(body.async_mode ?? body.asyncMode ?? true),
      stream: body.stream ?? false,
      labels: readLabels(body),
      fingerprint: fingerprintOf(project.id, 'chat', request.body),
      idempotencyKey: idempotencyKeyOf(request),
      explainIds: explaining.ids,
      now: Date.now(),
    };
  }
}

function debugOf(answer: ChatAnswer, explaining: Explaining): RecallExplanation | undefined {
  return explaining.wanted && answer.recall !== null ? recallExplanation(answer.recall) : undefined;
}

/** Blank counts as absent. */
const orNull = (text: string | undefined): string | null => (text === undefined || text.trim() === '' ? null : text);
