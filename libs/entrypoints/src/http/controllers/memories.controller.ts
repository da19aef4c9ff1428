import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import {
  DEFAULT_PAGE_SIZE,
  GetMemoryReply,
  GetMemoryRequest,
  OneMemoryReply,
  SearchMemoryReply,
  SearchMemoryRequest,
} from '@continuo/contracts';
import { subjectKind } from '@continuo/domain';
import { type Project, RECALL_API, type RecallApi } from '@continuo/ports';
import { Metrics } from '@continuo/platform';
import { GetMemory, ListMemories, ResolveSpaces } from '@continuo/use-cases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiReplies } from '../documentation/api-replies.ts';
import { HTTP_SETTINGS, type HttpSettings } from '../http-settings.ts';
import { InputLimits } from '../reading/input-limits.ts';
import { parseFilter, parseSourceFilters } from '../reading/parse-filter.ts';
import { readSubject } from '../reading/read-subject.ts';
import { limitsByKind, recallLimits } from '../reading/recall-limits.ts';
import { explainingOf } from '../reading/request-headers.ts';
import { listedKinds } from '../reading/views.ts';
import { CallerProject } from '../server/caller.ts';
import { clientSignal } from '../server/client-signal.ts';
import { formsFor } from '../server/project-settings.ts';
import { pageLists, searchLists } from '../shaping/memory-shapes.ts';
import { ok } from '../shaping/ok.ts';
import { oneMemory, oneTurn } from '../shaping/one-memory.ts';
import { recallExplanation } from '../shaping/recall-explanation.ts';

/** What is remembered: searching, listing and reading it. */
@Controller()
export class MemoriesController {
  private readonly recall: RecallApi;
  private readonly spaces: ResolveSpaces;
  private readonly listMemories: ListMemories;
  private readonly getMemory: GetMemory;
  private readonly limits: InputLimits;
  private readonly settings: HttpSettings;
  private readonly metrics: Metrics;

  constructor(
    @Inject(RECALL_API) recall: RecallApi,
    spaces: ResolveSpaces,
    listMemories: ListMemories,
    getMemory: GetMemory,
    limits: InputLimits,
    @Inject(HTTP_SETTINGS) settings: HttpSettings,
    metrics: Metrics,
  ) {
    this.recall = recall;
    this.spaces = spaces;
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
    description:
      'The memories that answer a query, best first: those of one user or agent, what is public in the project, and of the knowledge bases that are named. ' +
      'Finding nothing is a valid answer.',
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
    this.limits.searchQuery(body.query);
    const explaining = explainingOf(request);
    const limits = recallLimits(body, explaining.wanted);
    const knowledgeBaseIds = body.knowledgebase_ids ?? [];
    const spaces = await this.spaces.execute({
      project,
      subject: readSubject(body, project),
      knowledgeBaseIds,
      filters: parseSourceFilters(body.filter, formsFor(project, this.settings), { knowledgeBases: knowledgeBaseIds.length > 0 }),
    });
    const result = await this.recall.search(
      {
        ...spaces,
        query: body.query,
        conversationId: body.conversation_id ?? null,
        limits: limitsByKind(limits),
        together: limits.together,
        minRelativity: limits.minRelativity,
        explainIds: explaining.ids,
        without: explaining.without,
      },
      { signal: clientSignal(reply.raw) },
    );
    this.metrics.recalled(result.state, result.missingArms, result.timings.totalMs);
    return ok({ ...searchLists(result, this.settings.prefix), ...(explaining.wanted ? { debug: recallExplanation(result) } : {}) });
  }

  @Post('get/memory')
  @HttpCode(200)
  @ApiReplies({
    summary: 'List memories',
    description: 'Everything that is remembered of one user or agent now, page by page, each kind in a list of its own.',
    tag: 'Memories',
    reply: GetMemoryReply,
  })
  async list(@CallerProject() project: Project, @Body({ schema: GetMemoryRequest }) body: GetMemoryRequest): Promise<GetMemoryReply> {
    const page = body.page ?? body.current ?? 1;
    const size = body.size ?? DEFAULT_PAGE_SIZE;
    const subject = readSubject(body, project);
    const source = subjectKind(subject) === 'agent' ? 'agent' : 'user';
    const listing = await this.listMemories.execute({
      scope: { projectId: project.id, subject },
      kinds: listedKinds(body),
      filter: parseFilter(body.filter, formsFor(project, this.settings), source),
      page,
      size,
    });
    return ok({ ...pageLists(listing, this.settings.prefix), total: listing.total, size, current: page, pages: listing.pages });
  }

  @Get('get/memory/:memory_id')
  @ApiParam({ name: 'memory_id', description: 'As a search or a list returned it.', example: '3b2f0f0e-5f0d-5a63-9d0e-0f3b6c0d7f11' })
  @ApiReplies({
    summary: 'Read one memory',
    description: 'One memory of any status, with the messages it was drawn from; or what was said, as a search returned it.',
    tag: 'Memories',
    reply: OneMemoryReply,
  })
  async one(@CallerProject() project: Project, @Param('memory_id') memoryId: string): Promise<OneMemoryReply> {
    const found = await this.getMemory.execute({ projectId: project.id, memoryId });
    return ok('turn' in found ? oneTurn(found) : oneMemory(found));
  }
}
