import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { DeleteMemoryReply, DeleteMemoryRequest } from '@continuo/contracts';
import { MEMORY_KINDS } from '@continuo/domain';
import type { Project } from '@continuo/ports';
import { DeleteByFilter, DeleteMemories, ForgetKind, ForgetUser } from '@continuo/use-cases';
import { ApiReplies } from '../documentation/api-replies.ts';
import { HTTP_SETTINGS, type HttpSettings } from '../http-settings.ts';
import { type Deletion, selectDeletion } from '../reading/select-deletion.ts';
import { CallerProject } from '../server/caller.ts';
import { formsFor } from '../server/project-settings.ts';
import { ok } from '../shaping/ok.ts';

/** Forgetting: by id, by filter, or everything of one user or agent. */
@Controller()
export class ForgettingController {
  private readonly deleteMemories: DeleteMemories;
  private readonly deleteByFilter: DeleteByFilter;
  private readonly forgetUser: ForgetUser;
  private readonly forgetKind: ForgetKind;
  private readonly settings: HttpSettings;

  constructor(
    deleteMemories: DeleteMemories,
    deleteByFilter: DeleteByFilter,
    forgetUser: ForgetUser,
    forgetKind: ForgetKind,
    @Inject(HTTP_SETTINGS) settings: HttpSettings,
  ) {
    this.deleteMemories = deleteMemories;
    this.deleteByFilter = deleteByFilter;
    this.forgetUser = forgetUser;
    this.forgetKind = forgetKind;
    this.settings = settings;
  }

  @Post('delete/memory')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Forget',
    description:
      'Deletes memories by id, all or none, or by a filter, or erases a user or an agent: memories and messages. What was deleted does not come back from ' +
      'what was said before; said again, it is remembered again.',
    tag: 'Memories',
    reply: DeleteMemoryReply,
  })
  async delete(
    @CallerProject() project: Project,
    @Body({ schema: DeleteMemoryRequest }) body: DeleteMemoryRequest,
  ): Promise<DeleteMemoryReply> {
    const forms = { ...formsFor(project, this.settings), independentAgents: project.settings.independentAgents };
    await this.forget(project.id, selectDeletion(body, forms));
    return ok({ success: true as const });
  }

  private async forget(projectId: string, deletion: Deletion): Promise<void> {
    const { memoryKind } = deletion;
    if (deletion.kind === 'memories') {
      const { memoryIds, restrictTo } = deletion;
      await this.deleteMemories.execute({ projectId, memoryIds, restrictTo, kind: memoryKind });
    } else if (deletion.kind === 'filter') {
      await this.deleteByFilter.execute({ projectId, filter: deletion.filter, kinds: memoryKind === null ? MEMORY_KINDS : [memoryKind] });
    } else {
      const scope = { projectId, subject: deletion.subject };
      if (memoryKind === null) await this.forgetUser.execute({ scope });
      else await this.forgetKind.execute({ scope, kind: memoryKind });
    }
  }
}
