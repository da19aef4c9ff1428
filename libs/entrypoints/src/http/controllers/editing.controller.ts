import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { AddFeedbackReply, AddFeedbackRequest, MAX_FEEDBACK_TOKENS, UpdateMemoryReply, UpdateMemoryRequest } from '@continuo/contracts';
import { userSubject } from '@continuo/domain';
import type { Project } from '@continuo/ports';
import { AddFeedback, ResolveTargets, type SkillContent, UpdateMemory } from '@continuo/use-cases';
import { ApiReplies } from '../documentation/api-replies.ts';
import { HTTP_SETTINGS, type HttpSettings } from '../http-settings.ts';
import { InputLimits } from '../reading/input-limits.ts';
import { readChatTime, readLabels } from '../reading/read-messages.ts';
import { CallerProject } from '../server/caller.ts';
import { ok } from '../shaping/ok.ts';

/** Changing what is remembered: one memory by hand, or any of them by saying what is wrong. */
@Controller()
export class EditingController {
  private readonly updateMemory: UpdateMemory;
  private readonly addFeedback: AddFeedback;
  private readonly targets: ResolveTargets;
  private readonly limits: InputLimits;
  private readonly settings: HttpSettings;

  constructor(
    updateMemory: UpdateMemory,
    addFeedback: AddFeedback,
    targets: ResolveTargets,
    limits: InputLimits,
    @Inject(HTTP_SETTINGS) settings: HttpSettings,
  ) {
    this.updateMemory = updateMemory;
    this.addFeedback = addFeedback;
    this.targets = targets;
    this.limits = limits;
    this.settings = settings;
  }

  @Post('update/memory')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Change a memory',
    description: 'Sets content, title or status of one memory of any kind. What it said before stays as history and is not found any more.',
    tag: 'Memories',
    reply: UpdateMemoryReply,
  })
  async update(
    @CallerProject() project: Project,
    @Body({ schema: UpdateMemoryRequest }) body: UpdateMemoryRequest,
  ): Promise<UpdateMemoryReply> {
    await this.updateMemory.execute({
      projectId: project.id,
      memoryId: body.memory_id,
      content: contentOf(body.content),
      title: body.title ?? null,
      status: body.status === undefined ? null : body.status === 'activated' ? 'current' : 'superseded',
    });
    return ok({ success: true as const });
  }

  @Post('add/feedback')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Say what is wrong',
    description:
      'Corrects what is remembered of a user: words are replaced, wrong memories removed, new values kept. It is applied in its turn among their messages; ' +
      'thanks and small talk change nothing.',
    tag: 'Memories',
    reply: AddFeedbackReply,
  })
  async feedback(
    @CallerProject() project: Project,
    @Body({ schema: AddFeedbackRequest }) body: AddFeedbackRequest,
  ): Promise<AddFeedbackReply> {
    this.limits.text('feedback_content', body.feedback_content, MAX_FEEDBACK_TOKENS);
    const now = Date.now();
    const { scope, copies } = await this.targets.execute({
      projectId: project.id,
      subjects: [userSubject(body.user_id)],
      allowPublic: body.allow_public ?? false,
      knowledgeBaseIds: body.allow_knowledgebase_ids ?? [],
    });
    const { taskId, status } = await this.addFeedback.execute({
      scope,
      copies,
      conversationId: body.conversation_id ?? null,
      content: body.feedback_content,
      givenAt: readChatTime(body.feedback_time, 'feedback_time', { now, timeZone: this.settings.timeZone }),
      labels: readLabels(body, { users: [body.user_id], agents: body.agent_id === undefined ? [] : [body.agent_id] }),
      now,
    });
    return ok({ success: true as const, task_id: taskId, status });
  }
}

/** Members that are not there stay as they are. */
function contentOf(content: UpdateMemoryRequest['content']): string | SkillContent | null {
  if (content === undefined || typeof content === 'string') return content ?? null;
  return Object.fromEntries(Object.entries(content).filter(([, member]) => member !== undefined));
}
