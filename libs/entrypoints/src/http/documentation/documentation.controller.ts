import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppError } from '@continuo/contracts';
import type { FastifyReply } from 'fastify';
import { HTTP_SETTINGS, type HttpSettings } from '../http-settings.ts';
import { Documentation } from './documentation.ts';
import { DOCS_PAGE, DOCS_POLICY, DOCS_SCRIPT, DOCS_STYLE } from './page.ts';

const CSS = 'text/css; charset=utf-8';
const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** Files of the page that come with the renderer; no other file of its folder is served. */
const RENDERER_FILES: Readonly<Record<string, string>> = { 'swagger-ui.css': CSS, 'swagger-ui-bundle.js': JAVASCRIPT };

/** The documentation for programs and for people. Outside the prefix, without a key. */
@ApiExcludeController()
@Controller()
export class DocumentationController {
  private readonly documentation: Documentation;
  private readonly settings: HttpSettings;
  private readonly files = new Map<string, Promise<Buffer>>();

  constructor(documentation: Documentation, @Inject(HTTP_SETTINGS) settings: HttpSettings) {
    this.documentation = documentation;
    this.settings = settings;
  }

  @Get()
  root(): object {
    return { name: 'Continuo', api: this.settings.prefix, documentation: '/docs', openapi: '/openapi.json', health: '/readyz' };
  }

  @Get('openapi.json')
  document(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('application/json; charset=utf-8');
    return this.documentation.json();
  }

  @Get('docs')
  page(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('text/html; charset=utf-8').header('content-security-policy', DOCS_POLICY).header('referrer-policy', 'no-referrer');
    return DOCS_PAGE;
  }

  @Get('docs/:file')
  async file(@Param('file') file: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer | string> {
    void reply.header('cache-control', 'public, max-age=3600');
    if (file === 'page.js') return this.typed(reply, JAVASCRIPT, DOCS_SCRIPT);
    if (file === 'page.css') return this.typed(reply, CSS, DOCS_STYLE);
    const type = Object.hasOwn(RENDERER_FILES, file) ? RENDERER_FILES[file] : undefined;
    if (type === undefined) throw new AppError('unknown_path', 'There is nothing at this path.');
    return this.typed(reply, type, await this.rendererFile(file));
  }

  private typed<Content>(reply: FastifyReply, type: string, content: Content): Content {
    void reply.type(type).header('x-content-type-options', 'nosniff');
    return content;
  }

  private rendererFile(file: string): Promise<Buffer> {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    const reading = readFile(join(folder, file));
    this.files.set(file, reading);
    return reading;
  }
}
