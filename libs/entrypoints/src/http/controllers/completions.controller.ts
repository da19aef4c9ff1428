import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import {
  AppError,
  ChatCompletionReply,
  ChatCompletionRequest,
  DEFAULT_MAX_TOKENS,
  DEFAULT_RECALLED,
  DEFAULT_RELATIVITY,
  DEFAULT_TEMPERATURE,
  DEFAULT_TOP_P,
  ListedModel,
  ModelsReply,
} from '@continuo/contracts';
import { userSubject } from '@continuo/domain';
import { CHAT_MODEL, type ChatModel, type Project, TOKEN_COUNTER, type TokenCounter } from '@continuo/ports';
import { Chat, type ChatInput, LimitChats, ResolveSpaces } from '@continuo/use-cases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OpenAiReplies } from '../documentation/api-replies.ts';
import { Draining } from '../draining.ts';
import { InputLimits } from '../reading/input-limits.ts';
import { readLabels } from '../reading/read-messages.ts';
import { readCompletion, type ToldConversation } from '../reading/read-completion.ts';
import { fingerprintOf } from '../reading/request-fingerprint.ts';
import { conversationHeaderOf, idempotencyKeyOf } from '../reading/request-headers.ts';
import { AnswerChat } from '../server/answer-chat.ts';
import { CallerProject } from '../server/caller.ts';
import { openAiWire } from '../server/openai-wire.ts';

/** No filter for any source. */
const UNFILTERED = { user: null, agent: null, public: null, knowledgebase: null } as const;
const OWNER = 'continuo';

/** The same memory for clients that speak OpenAI's form, reached by their base URL alone. */
@Controller()
export class CompletionsController {
  private readonly chat: Chat;
  private readonly spaces: ResolveSpaces;
  private readonly limitChats: LimitChats;
  private readonly answers: AnswerChat;
  private readonly limits: InputLimits;
  private readonly draining: Draining;
  private readonly models: ChatModel;
  private readonly tokens: TokenCounter;
  private readonly startedAt = Math.floor(Date.now() / 1_000);

  constructor(
    chat: Chat,
    spaces: ResolveSpaces,
    limitChats: LimitChats,
    answers: AnswerChat,
    limits: InputLimits,
    draining: Draining,
    @Inject(CHAT_MODEL) models: ChatModel,
    @Inject(TOKEN_COUNTER) tokens: TokenCounter,
  ) {
    this.chat = chat;
    this.spaces = spaces;
    this.limitChats = limitChats;
    this.answers = answers;
    this.limits = limits;
    this.draining = draining;
    this.models = models;
    this.tokens = tokens;
  }

  @Post('chat/completions')
  @HttpCode(200)
  @OpenAiReplies({
    summary: "Chat with memory, in OpenAI's form",
    description:
      'For SDKs and programs that speak to OpenAI: point their base URL here and name the user. The turns sent take the place of the stored ' +
      'conversation; what of them is new is remembered with the answer. What is remembered goes to the model behind the system messages of the caller.',
    reply: ChatCompletionReply,
    streams: true,
  })
  async complete(
    @CallerProject() project: Project,
    @Body({ schema: ChatCompletionRequest }) body: ChatCompletionRequest,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const told = readCompletion(body.messages);
    this.limits.conversation([...told.turns.map(({ content }) => content), told.query]);
    const input = await this.inputOf(project, body, told, request);
    const allowance = await this.limitChats.execute({ project, questions: [told.query], now: input.now });
    const run = this.chat.execute(input, { signal: this.draining.signal });
    const wire = openAiWire({
      id: `chatcmpl-${request.id}`,
      model: body.model ?? this.names()[0] ?? OWNER,
      now: input.now,
      tellsUsage: body.stream_options?.include_usage === true,
      estimate: (answer) => ({
        promptTokens: body.messages.reduce((sum, { content }) => sum + this.tokens.count(content), 0),
        answerTokens: this.tokens.count(answer),
      }),
    });
    const headers = { 'x-conversation-id': encodeURIComponent(input.conversationId ?? '') };
    await this.answers.deliver({ run, request, reply, wire, stream: input.stream, headers, allowance });
  }

  @Get('models')
  @OpenAiReplies({ summary: "List the models, in OpenAI's form", description: 'The names `model` can have.', reply: ModelsReply })
  list(): ModelsReply {
    return { object: 'list', data: this.names().map((name) => this.listed(name)) };
  }

  @Get('models/:model')
  @ApiParam({ name: 'model', description: 'A name of the list; case does not matter.', example: 'qwen2.5-72b-instruct' })
  @OpenAiReplies({ summary: "Read one model, in OpenAI's form", description: 'Whether there is one of this name.', reply: ListedModel })
  one(@Param('model') model: string): ListedModel {
    const name = this.names().find((each) => each.toLowerCase() === model.toLowerCase());
    if (name === undefined) throw new AppError('model_unknown', 'There is no model of this name; /models lists them.');
    return this.listed(name);
  }

  private names(): readonly string[] {
    return [...new Set(this.models.describe().models.map(({ publicName }) => publicName))];
  }

  private readonly listed = (id: string): ListedModel => ({ id, object: 'model', created: this.startedAt, owned_by: OWNER });

  private async inputOf(
    project: Project,
    body: ChatCompletionRequest,
    told: ToldConversation,
    request: FastifyRequest,
  ): Promise<ChatInput> {
    const subject = userSubject(body.user);
    const scope = { projectId: project.id, subject };
    const { filter, others } = await this.spaces.execute({ project, subject, knowledgeBaseIds: [], filters: UNFILTERED });
    const named = conversationHeaderOf(request) ?? body.metadata?.conversation_id ?? null;
    const conversationId = named ?? (await this.chat.conversationOfTold(scope, told.turns));
    return {
      scope,
      others,
      copies: [],
      filter,
      conversationId,
      query: told.query,
      told: told.turns,
      factLimit: DEFAULT_RECALLED,
      preferenceLimit: DEFAULT_RECALLED,
      skillLimit: 0,
      minRelativity: DEFAULT_RELATIVITY,
      modelName: body.model === undefined || body.model.trim() === '' ? null : body.model,
      systemPrompt: told.instructions,
      temperature: body.temperature ?? DEFAULT_TEMPERATURE,
      topP: body.top_p ?? DEFAULT_TOP_P,
      maxTokens: body.max_completion_tokens ?? body.max_tokens ?? DEFAULT_MAX_TOKENS,
      stop: body.stop ?? [],
      remember: true,
      wait: false,
      stream: body.stream ?? false,
      labels: readLabels({}, { users: [body.user], agents: [] }),
      // What is stored meanwhile must not make another request of a repeat: only a name that was given counts.
      fingerprint: fingerprintOf(project.id, `chat/completions/${named ?? ''}`, request.body),
      idempotencyKey: idempotencyKeyOf(request),
      explainIds: [],
      now: Date.now(),
    };
  }
}
