import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import {
  DEFAULT_PAGE_SIZE,
  DeleteMemoryReply,
  DeleteMemoryRequest,
  GetMemoryReply,
  GetMemoryRequest,
  OneMemoryReply,
  SearchMemoryReply,
  SearchMemoryRequest,
} from '@continuo/contracts';
import { type MemoryKind, userSubject } from '@continuo/domain';
import { type Project, RECALL_API, type RecallApi } from '@continuo/ports';
import { Metrics } from '@continuo/platform';
import { DeleteMemories, ForgetUser, GetMemory, ListMemories } from '@continuo/use-cases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiReplies } from '../documentation/api-replies.ts';
import { HTTP_SETTINGS, type HttpSettings } from '../http-settings.ts';
import { InputLimits } from '../reading/input-limits.ts';
import { refuseWhatIsNotHereYet } from '../reading/not-here-yet.ts';
import { parseFilter } from '../reading/parse-filter.ts';
import { bestTogether, recallLimits } from '../reading/recall-limits.ts';
import { explainingOf } from '../reading/request-headers.ts';
import { selectDeletion } from '../reading/select-deletion.ts';
import { CallerProject } from '../server/caller.ts';
import { clientSignal } from '../server/client-signal.ts';
import { pageLists, searchLists } from '../shaping/memory-shapes.ts';
import { oneMemory } from '../shaping/message-shapes.ts';
import { ok } from '../shaping/ok.ts';
import { recallExplanation } from '../shaping/recall-explanation.ts';

/** What is remembered: searching, listing, reading and deleting it. */
@Controller()
export class MemoriesController {
  private readonly recall: RecallApi;
  private readonly listMemories: ListMemories;
  private readonly getMemory: GetMemory;
  private readonly limits: InputLimits;
  private readonly settings: HttpSettings;
  private readonly metrics: Metrics;

  constructor(
    @Inject(RECALL_API) recall: RecallApi,
    listMemories: ListMemories,
    getMemory: GetMemory,
    limits: InputLimits,
    @Inject(HTTP_SETTINGS) settings: HttpSettings,
    metrics: Metrics,
  ) {
    this.recall = recall;
    this.listMemories = listMemories;
    this.getMemory = getMemory;
    this.limits = limits;
    this.settings = settings;
    this.metrics = metrics;
  }

  @Post('search/memory')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Search memories',
    description: 'The memories of one user that answer a query, best first. Finding nothing is a valid answer.',
    tag: 'Memories',
    reply: SearchMemoryReply,
    explained: true,
  })
  async search(
    @CallerProject() project: Project,
    @Body({ schema: SearchMemoryRequest }) body: SearchMemoryRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SearchMemoryReply> {
    refuseWhatIsNotHereYet(body);
    this.limits.searchQuery(body.query);
    const explaining = explainingOf(request);
    const limits = recallLimits(body, explaining.wanted);
    const result = await this.recall.search(
      {
        scope: { projectId: project.id, subject: userSubject(body.user_id) },
        query: body.query,
        conversationId: body.conversation_id ?? null,
        filter: parseFilter(body.filter, this.settings),
        limits: { fact: limits.fact, preference: limits.preference },
        minRelativity: limits.minRelativity,
        explainIds: explaining.ids,
      },
      { signal: clientSignal(reply.raw) },
    );
    this.metrics.recalled(result.state, result.missingArms, result.timings.totalMs);
    const shown = limits.together === null ? result : bestTogether(result, limits.together);
    return ok({ ...searchLists(shown.facts, shown.preferences), ...(explaining.wanted ? { debug: recallExplanation(shown) } : {}) });
  }

  @Post('get/memory')
  @HttpCode(200)
  @ApiReplies({
    summary: 'List memories',
    description: 'Everything that is remembered of one user now, page by page.',
    tag: 'Memories',
    reply: GetMemoryReply,
  })
  async list(@CallerProject() project: Project, @Body({ schema: GetMemoryRequest }) body: GetMemoryRequest): Promise<GetMemoryReply> {
    const page = body.page ?? body.current ?? 1;
    const size = body.size ?? DEFAULT_PAGE_SIZE;
    const listing = await this.listMemories.execute({
      scope: { projectId: project.id, subject: userSubject(body.user_id) },
      kinds: listedKinds(body),
      filter: parseFilter(body.filter, this.settings),
      page,
      size,
    });
    return ok({ ...pageLists(listing), total: listing.total, size, current: page, pages: listing.pages });
  }

  @Get('get/memory/:memory_id')
  @ApiParam({ name: 'memory_id', description: 'As a search or a list returned it.', example: '3b2f0f0e-5f0d-5a63-9d0e-0f3b6c0d7f11' })
  @ApiReplies({
    summary: 'Read one memory',
    description: 'One memory of any status, with the messages it was drawn from.',
    tag: 'Memories',
    reply: OneMemoryReply,
  })
  async one(@CallerProject() project: Project, @Param('memory_id') memoryId: string): Promise<OneMemoryReply> {
    return ok(oneMemory(await this.getMemory.execute({ projectId: project.id, memoryId })));
  }
}

function listedKinds(body: GetMemoryRequest): readonly MemoryKind[] {
  const views = body.include_memory_view;
  if (views === undefined) return body.include_preference === false ? ['fact'] : ['fact', 'preference'];
  return [
    ...(views.includes('detail_factual') ? (['fact'] as const) : []),
    ...(views.includes('preference') ? (['preference'] as const) : []),
  ];
}

/** Forgetting, by id or everything of one user. */
@Controller()
export class ForgettingController {
  private readonly deleteMemories: DeleteMemories;
  private readonly forgetUser: ForgetUser;
  private readonly settings: HttpSettings;

  constructor(deleteMemories: DeleteMemories, forgetUser: ForgetUser, @Inject(HTTP_SETTINGS) settings: HttpSettings) {
    this.deleteMemories = deleteMemories;
    this.forgetUser = forgetUser;
    this.settings = settings;
  }

  @Post('delete/memory')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Forget',
    description:
      'Deletes memories by id, all or none, or erases a user: memories and messages. What was deleted does not come back from what was said before; ' +
      'said again, it is remembered again.',
    tag: 'Memories',
    reply: DeleteMemoryReply,
  })
  async delete(
    @CallerProject() project: Project,
    @Body({ schema: DeleteMemoryRequest }) body: DeleteMemoryRequest,
  ): Promise<DeleteMemoryReply> {
    const selection = selectDeletion(body, this.settings.strict);
    if (selection.kind === 'user')
      await this.forgetUser.execute({ scope: { projectId: project.id, subject: userSubject(selection.userId) } });
    else {
      const { memoryIds, ofUsers } = selection;
      await this.deleteMemories.execute({
        projectId: project.id,
        memoryIds,
        restrictTo: ofUsers === null ? null : ofUsers.map(userSubject),
      });
    }
    return ok({ success: true as const });
  }
}
