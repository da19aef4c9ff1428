import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ChatReply, ChatRequest, DEFAULT_MAX_TOKENS, DEFAULT_TEMPERATURE, DEFAULT_TOP_P } from '@continuo/contracts';
import { userSubject } from '@continuo/domain';
import type { Project } from '@continuo/ports';
import { Chat, type ChatInput, LimitChats, ResolveSpaces, ResolveTargets } from '@continuo/use-cases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiReplies } from '../documentation/api-replies.ts';
import { Draining } from '../draining.ts';
import { HTTP_SETTINGS, type HttpSettings } from '../http-settings.ts';
import { InputLimits } from '../reading/input-limits.ts';
import { parseSourceFilters } from '../reading/parse-filter.ts';
import { readLabels } from '../reading/read-messages.ts';
import { recallLimits } from '../reading/recall-limits.ts';
import { fingerprintOf } from '../reading/request-fingerprint.ts';
import { explainingOf, idempotencyKeyOf, type Explaining } from '../reading/request-headers.ts';
import { AnswerChat } from '../server/answer-chat.ts';
import { CallerProject } from '../server/caller.ts';
import { contractWire } from '../server/chat-wire.ts';
import { formsFor } from '../server/project-settings.ts';

/** Most skills of knowledge bases that go with a question; the contract names no ceiling for chats. */
const SKILLS_OF_BASES = 6;

/** One turn of a conversation: recall, prompt, answer, remember. */
@Controller()
export class ChatController {
  private readonly chat: Chat;
  private readonly spaces: ResolveSpaces;
  private readonly targets: ResolveTargets;
  private readonly limitChats: LimitChats;
  private readonly answers: AnswerChat;
  private readonly limits: InputLimits;
  private readonly draining: Draining;
  private readonly settings: HttpSettings;

  constructor(
    chat: Chat,
    spaces: ResolveSpaces,
    targets: ResolveTargets,
    limitChats: LimitChats,
    answers: AnswerChat,
    limits: InputLimits,
    draining: Draining,
    @Inject(HTTP_SETTINGS) settings: HttpSettings,
  ) {
    this.chat = chat;
    this.spaces = spaces;
    this.targets = targets;
    this.limitChats = limitChats;
    this.answers = answers;
    this.limits = limits;
    this.draining = draining;
    this.settings = settings;
  }

  @Post('chat')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Chat with memory',
    description:
      'Answers with what is remembered of the user, is public in the project and stands in the knowledge bases named, and remembers the turn. With ' +
      '`stream: true` the answer comes as server-sent events whose data is a `ChatStreamEvent`; the answer stops with its client. Without a chat model it ' +
      'answers from memory alone.',
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
    this.limits.chatQuery(body.query);
    const explaining = explainingOf(request);
    const input = await this.inputOf(project, body, request, explaining);
    const allowance = await this.limitChats.execute({ project, questions: [body.query], now: input.now });
    const run = this.chat.execute(input, { signal: this.draining.signal });
    const wire = contractWire(explaining.wanted);
    await this.answers.deliver({ run, request, reply, wire, stream: input.stream, headers: {}, allowance });
  }

  private async inputOf(project: Project, body: ChatRequest, request: FastifyRequest, explaining: Explaining): Promise<ChatInput> {
    const { minRelativity, fact, preference } = recallLimits(body, explaining.wanted);
    const [reach, targets] = await Promise.all([this.reachOf(project, body), this.targetsOf(project, body)]);
    return {
      ...targets,
      ...reach,
      conversationId: body.conversation_id ?? null,
      query: body.query,
      told: null,
      factLimit: fact,
      preferenceLimit: preference,
      minRelativity,
      modelName: orNull(body.model_name),
      systemPrompt: orNull(body.system_prompt),
      temperature: body.temperature ?? DEFAULT_TEMPERATURE,
      topP: body.top_p ?? DEFAULT_TOP_P,
      maxTokens: body.max_tokens ?? DEFAULT_MAX_TOKENS,
      stop: [],
      remember: body.add_message_on_answer ?? true,
      wait: !(body.async_mode ?? body.asyncMode ?? true),
      stream: body.stream ?? false,
      labels: readLabels(body, { users: [body.user_id], agents: body.agent_id === undefined ? [] : [body.agent_id] }),
      fingerprint: fingerprintOf(project.id, 'chat', request.body),
      idempotencyKey: idempotencyKeyOf(request),
      explainIds: explaining.ids,
      now: Date.now(),
    };
  }

  /** Which spaces the question searches. */
  private async reachOf(project: Project, body: ChatRequest): Promise<Pick<ChatInput, 'filter' | 'others' | 'skillLimit'>> {
    const knowledgeBaseIds = body.knowledgebase_ids ?? [];
    const knowledgeBases = knowledgeBaseIds.length > 0;
    const filters = parseSourceFilters(body.filter, formsFor(project, this.settings), { knowledgeBases });
    const { filter, others } = await this.spaces.execute({ project, subject: userSubject(body.user_id), knowledgeBaseIds, filters });
    return { filter, others, skillLimit: knowledgeBases ? SKILLS_OF_BASES : 0 };
  }

  /** Which spaces receive the turn. */
  private targetsOf(project: Project, body: ChatRequest): Promise<Pick<ChatInput, 'scope' | 'copies'>> {
    return this.targets.execute({
      projectId: project.id,
      subjects: [userSubject(body.user_id)],
      allowPublic: body.allow_public ?? false,
      knowledgeBaseIds: body.allow_knowledgebase_ids ?? [],
    });
  }
}

/** Blank counts as absent. */
const orNull = (text: string | undefined): string | null => (text === undefined || text.trim() === '' ? null : text);
