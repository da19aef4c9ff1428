import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import {
  DEFAULT_RERANK_MODEL,
  EXTRACTION_TYPES,
  ExtractMemoryReply,
  ExtractMemoryRequest,
  MAX_EXTRACT_TOKENS,
  MAX_RERANK_TOKENS,
  RerankReply,
  RerankRequest,
} from '@continuo/contracts';
import type { Project } from '@continuo/ports';
import { ExtractMemories, RerankDocuments } from '@continuo/use-cases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiReplies } from '../documentation/api-replies.ts';
import { InputLimits } from '../reading/input-limits.ts';
import { CallerProject } from '../server/caller.ts';
import { clientSignal } from '../server/client-signal.ts';
import { extractedFact, extractedPreference } from '../shaping/extracted-shapes.ts';
import { ok } from '../shaping/ok.ts';

/** Questions about what is sent along: nothing is kept. */
@Controller()
export class StatelessController {
  private readonly extractMemories: ExtractMemories;
  private readonly rerankDocuments: RerankDocuments;
  private readonly limits: InputLimits;

  constructor(extractMemories: ExtractMemories, rerankDocuments: RerankDocuments, limits: InputLimits) {
    this.extractMemories = extractMemories;
    this.rerankDocuments = rerankDocuments;
    this.limits = limits;
  }

  @Post('extract/memory')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Extract memories without keeping them',
    description: 'What would be remembered of some messages. Nothing is stored.',
    tag: 'Tools',
    reply: ExtractMemoryReply,
  })
  async extract(
    @CallerProject() project: Project,
    @Body({ schema: ExtractMemoryRequest }) body: ExtractMemoryRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExtractMemoryReply> {
    this.limits.text('messages', body.messages.map(({ content }) => content).join('\n'), MAX_EXTRACT_TOKENS);
    const types: readonly string[] = body.extraction_types ?? EXTRACTION_TYPES;
    const [facts, preferences] = [types.includes('memory'), types.includes('preference')];
    const found = await this.extractMemories.execute(
      { projectId: project.id, messages: body.messages, facts, preferences, now: Date.now() },
      { signal: clientSignal(reply.raw) },
    );
    return ok({
      success: true as const,
      ...(facts ? { memory_detail_list: found.facts.map(extractedFact) } : {}),
      ...(preferences ? { preference_detail_list: found.preferences.map(extractedPreference) } : {}),
    });
  }

  @Post('rerank')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Put texts in order',
    description: 'Scores texts by how well they answer a query, best first. The answer has no envelope; errors do.',
    tag: 'Tools',
    reply: RerankReply,
  })
  async rerank(
    @CallerProject() project: Project,
    @Body({ schema: RerankRequest }) body: RerankRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RerankReply> {
    this.limits.text('documents', body.documents.join('\n'), MAX_RERANK_TOKENS);
    this.limits.searchQuery(body.query);
    const { results, tokens } = await this.rerankDocuments.execute(
      { projectId: project.id, query: body.query, documents: body.documents, topN: body.top_n ?? null },
      { signal: clientSignal(reply.raw) },
    );
    return {
      id: request.id,
      model: body.model ?? DEFAULT_RERANK_MODEL,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
      results: results.map(({ index, text, score }) => ({ index, document: { text }, relevance_score: score })),
    };
  }
}
