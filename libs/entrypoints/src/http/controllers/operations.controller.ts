import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Metrics } from '@continuo/platform';
import type { FastifyReply } from 'fastify';
import { reportMetered } from '../../operations/metered-readiness.ts';
import { Draining } from '../draining.ts';
import { READINESS, type Readiness, type ReadinessReport, SHUTTING_DOWN } from '../readiness.ts';

/** What operators and orchestrators ask. Outside the prefix, without a key. */
@ApiExcludeController()
@Controller()
export class OperationsController {
  private readonly readiness: Readiness;
  private readonly draining: Draining;
  private readonly metrics: Metrics;

  constructor(@Inject(READINESS) readiness: Readiness, draining: Draining, metrics: Metrics) {
    this.readiness = readiness;
    this.draining = draining;
    this.metrics = metrics;
  }

  /** The process answers; no more is promised. */
  @Get('livez')
  alive(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 as long as requests are served, with what is missing in the body; 503 when they are not. */
  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessReport> {
    const report = this.draining.isDraining ? SHUTTING_DOWN : await reportMetered(this.readiness, this.metrics);
    void reply.status(report.status === 'unavailable' ? 503 : 200);
    return report;
  }

  @Get('metrics')
  async figures(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}
