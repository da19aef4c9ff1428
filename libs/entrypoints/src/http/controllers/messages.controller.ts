import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import {
  AddMessageReply,
  AddMessageRequest,
  DEFAULT_LISTED_MESSAGES,
  GetMessageReply,
  GetMessageRequest,
  GetStatusReply,
  GetStatusRequest,
} from '@continuo/contracts';
import { userSubject } from '@continuo/domain';
import type { Project } from '@continuo/ports';
import { AddMessages, GetMessages, GetTask, ResolveTargets } from '@continuo/use-cases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiReplies } from '../documentation/api-replies.ts';
import { Draining } from '../draining.ts';
import { HTTP_SETTINGS, type HttpSettings } from '../http-settings.ts';
import { InputLimits } from '../reading/input-limits.ts';
import { isMultimodal, readExtraction, readLabels, readMessages } from '../reading/read-messages.ts';
import { readParticipants } from '../reading/read-participants.ts';
import { fingerprintOf } from '../reading/request-fingerprint.ts';
import { idempotencyKeyOf } from '../reading/request-headers.ts';
import { CallerProject } from '../server/caller.ts';
import { formsFor } from '../server/project-settings.ts';
import { clientSignal } from '../server/client-signal.ts';
import { listedMessages, taskStatus } from '../shaping/message-shapes.ts';
import { ok } from '../shaping/ok.ts';

/** What was said: adding it, reading it back, and how far its memories are. */
@Controller()
export class MessagesController {
  private readonly addMessages: AddMessages;
  private readonly targets: ResolveTargets;
  private readonly getMessages: GetMessages;
  private readonly getTask: GetTask;
  private readonly limits: InputLimits;
  private readonly draining: Draining;
  private readonly settings: HttpSettings;

  constructor(
    addMessages: AddMessages,
    targets: ResolveTargets,
    getMessages: GetMessages,
    getTask: GetTask,
    limits: InputLimits,
    draining: Draining,
    @Inject(HTTP_SETTINGS) settings: HttpSettings,
  ) {
    this.addMessages = addMessages;
    this.targets = targets;
    this.getMessages = getMessages;
    this.getTask = getTask;
    this.limits = limits;
    this.draining = draining;
    this.settings = settings;
  }

  @Post('add/message')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Remember messages',
    description:
      'Stores messages and turns them into memories. What was stored can be searched at once; its memories follow. With several users it is a group chat: ' +
      'the space of each receives the messages.',
    tag: 'Messages',
    reply: AddMessageReply,
    repeatable: true,
  })
  async add(
    @CallerProject() project: Project,
    @Body({ schema: AddMessageRequest }) body: AddMessageRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AddMessageReply> {
    this.limits.messages(body.messages);
    const now = Date.now();
    const participants = readParticipants(project, body);
    const { scope, copies } = await this.targets.execute({
      projectId: project.id,
      subjects: participants.subjects,
      allowPublic: body.allow_public ?? false,
      knowledgeBaseIds: body.allow_knowledgebase_ids ?? [],
    });
    const reading = { participants, shared: copies.length > 0, now, timeZone: this.settings.timeZone };
    const { taskId, status } = await this.addMessages.execute(
      {
        scope,
        copies,
        conversationId: body.conversation_id ?? null,
        messages: readMessages(body.messages, reading),
        labels: readLabels(body, participants),
        extraction: readExtraction(body),
        wait: !(body.async_mode ?? body.asyncMode ?? true) && !isMultimodal(body.messages),
        idempotencyKey: idempotencyKeyOf(request),
        fingerprint: fingerprintOf(project.id, 'add/message', request.body),
        now,
      },
      // Who waits for memories is told `running` when the server stops; the messages are stored by then.
      { signal: AbortSignal.any([clientSignal(reply.raw), this.draining.signal]) },
    );
    return ok({ success: true as const, task_id: taskId, status });
  }

  @Post('get/message')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Read a conversation',
    description: 'The newest messages of a conversation, oldest first.',
    tag: 'Messages',
    reply: GetMessageReply,
  })
  async read(@CallerProject() project: Project, @Body({ schema: GetMessageRequest }) body: GetMessageRequest): Promise<GetMessageReply> {
    const messages = await this.getMessages.execute({
      scope: { projectId: project.id, subject: userSubject(body.user_id) },
      conversationId: body.conversation_id,
      limit: body.message_limit_number ?? DEFAULT_LISTED_MESSAGES,
    });
    return ok({ message_detail_list: listedMessages(messages) });
  }

  @Post('get/status')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Ask how far a task is',
    description: 'Whether the memories of an add are made, and which they are.',
    tag: 'Messages',
    reply: GetStatusReply,
  })
  async status(@CallerProject() project: Project, @Body({ schema: GetStatusRequest }) body: GetStatusRequest) {
    const status = taskStatus(await this.getTask.execute({ projectId: project.id, taskId: body.task_id }));
    return formsFor(project, this.settings).legacyStatusList ? ok([status]) : ok(status);
  }
}
