import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiParam, ApiProduces } from '@nestjs/swagger';
import {
  AddKnowledgeBaseFileReply,
  AddKnowledgeBaseFileRequest,
  CreateKnowledgeBaseReply,
  CreateKnowledgeBaseRequest,
  DEFAULT_FILE_PAGE_SIZE,
  DeleteKnowledgeBaseFileReply,
  DeleteKnowledgeBaseFileRequest,
  DeleteKnowledgeBaseReply,
  DeleteKnowledgeBaseRequest,
  GetKnowledgeBaseFileReply,
  GetKnowledgeBaseFileRequest,
  SkillFile,
  wellFormedText,
} from '@continuo/contracts';
import type { Project } from '@continuo/ports';
import { AddFiles, KnowledgeBases, KnowledgeFiles } from '@continuo/use-cases';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { ApiReplies } from '../documentation/api-replies.ts';
import { filesOfBody, filesOfForm } from '../reading/read-upload.ts';
import { CallerProject } from '../server/caller.ts';
import { isForm } from '../server/upload-bodies.ts';
import { addedFile, fileDetail } from '../shaping/knowledge-shapes.ts';
import { ok } from '../shaping/ok.ts';

const TAG = 'Knowledge bases';

/** Documents that are searched beside memories, and the skills among them. */
@Controller()
export class KnowledgeController {
  private readonly bases: KnowledgeBases;
  private readonly addFiles: AddFiles;
  private readonly files: KnowledgeFiles;

  constructor(bases: KnowledgeBases, addFiles: AddFiles, files: KnowledgeFiles) {
    this.bases = bases;
    this.addFiles = addFiles;
    this.files = files;
  }

  @Post('create/knowledgebase')
  @HttpCode(200)
  @ApiReplies({ summary: 'Create a knowledge base', description: 'Linked to this project.', tag: TAG, reply: CreateKnowledgeBaseReply })
  async create(@CallerProject() project: Project, @Body({ schema: CreateKnowledgeBaseRequest }) body: CreateKnowledgeBaseRequest) {
    const { knowledgebase_name: name, knowledgebase_description: description } = body;
    return ok({ id: await this.bases.create({ projectId: project.id, name, description: description ?? '' }) });
  }

  @Post('delete/knowledgebase')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Give up a knowledge base',
    description: 'Unlinks it from this project, or deletes it with its files and all that was made of them.',
    tag: TAG,
    reply: DeleteKnowledgeBaseReply,
  })
  async delete(@CallerProject() project: Project, @Body({ schema: DeleteKnowledgeBaseRequest }) body: DeleteKnowledgeBaseRequest) {
    if (body.delete_all === true) await this.bases.delete(project.id, body.knowledgebase_id);
    else await this.bases.unlink(project.id, body.knowledgebase_id);
    return ok({ success: true as const });
  }

  @Post('add/knowledgebase-file')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Add files',
    description:
      'Takes files in, all or none, and reads them in the background. Also as a form: `knowledgebase_id` and `type` in the address, each file a part named `file`.',
    tag: TAG,
    reply: AddKnowledgeBaseFileReply,
  })
  async add(
    @CallerProject() project: Project,
    @Body({ schema: AddKnowledgeBaseFileRequest }) body: AddKnowledgeBaseFileRequest,
    @Req() request: FastifyRequest,
  ) {
    const files = isForm(request) ? filesOfForm(request, body.type ?? 'document') : filesOfBody(request, body);
    const added = await this.addFiles.execute({ projectId: project.id, baseId: body.knowledgebase_id, files });
    return ok(added.map(addedFile));
  }

  @Post('get/knowledgebase-file')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Look at files',
    description: 'How far files are, by their ids or all of one base.',
    tag: TAG,
    reply: GetKnowledgeBaseFileReply,
  })
  async get(@CallerProject() project: Project, @Body({ schema: GetKnowledgeBaseFileRequest }) body: GetKnowledgeBaseFileRequest) {
    const page = body.page ?? 1;
    const size = body.page_size ?? DEFAULT_FILE_PAGE_SIZE;
    if (body.knowledgebase_id === undefined) {
      const files = await this.files.byIds(project.id, body.file_ids ?? []);
      return ok({ total: files.length, page, page_size: size, file_detail_list: files.map(fileDetail) });
    }
    const { items, total } = await this.files.list(project.id, body.knowledgebase_id, { type: body.type ?? null, page, size });
    return ok({ total, page, page_size: size, file_detail_list: items.map(fileDetail) });
  }

  @Post('delete/knowledgebase-file')
  @HttpCode(200)
  @ApiReplies({
    summary: 'Delete files',
    description: 'All or none, with everything that was made of them.',
    tag: TAG,
    reply: DeleteKnowledgeBaseFileReply,
  })
  async deleteFiles(
    @CallerProject() project: Project,
    @Body({ schema: DeleteKnowledgeBaseFileRequest }) body: DeleteKnowledgeBaseFileRequest,
  ) {
    await this.files.delete(project.id, body.file_ids, body.knowledgebase_id ?? null);
    return ok({ success: true as const });
  }

  @Get('get/skill/:file_id')
  @ApiParam({ name: 'file_id', description: 'As the upload returned it.', example: '3b2f0f0e5f0d4a639d0e0f3b6c0d7f11' })
  @ApiProduces('application/octet-stream')
  @ApiReplies({ summary: 'Download a skill', description: 'The file of a skill as it was uploaded.', tag: TAG, reply: SkillFile })
  async skill(@CallerProject() project: Project, @Param('file_id') fileId: string, @Res() reply: FastifyReply): Promise<void> {
    const { file, bytes } = await this.files.skill(project.id, wellFormedText(fileId));
    await reply
      .header('content-type', 'application/octet-stream')
      .header('content-length', file.size)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .header('x-content-type-options', 'nosniff')
      .send(Readable.from(bytes));
  }
}
