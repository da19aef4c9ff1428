import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import type { Project } from '@continuo/ports';
import { LimitRequests } from '@continuo/use-cases';
import type { FastifyRequest } from 'fastify';
import { catchError, from, type Observable, switchMap, throwError } from 'rxjs';
import { z } from 'zod';
import { inputTexts } from '../reading/input-texts.ts';
import { knownCallerOf } from './caller.ts';

/** Takes every request's share of its project's minute, and gives it back when the request fails. */
@Injectable()
export class LimitByProject implements NestInterceptor {
  private readonly limits: LimitRequests;

  constructor(limits: LimitRequests) {
    this.limits = limits;
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const project = knownCallerOf(request);
    if (project === null || !this.limits.appliesTo(project)) return next.handle();
    const body = readBodyOf(context, request.body);
    // Refused for itself by the controller, and not counted.
    if (body === null) return next.handle();
    const claims = await this.limits.execute({
      project,
      endpoint: request.routeOptions.url ?? 'unknown',
      requests: participants(body, project),
      texts: inputTexts(body),
    });
    return next
      .handle()
      .pipe(catchError((error: unknown) => from(this.limits.giveBack(claims)).pipe(switchMap(() => throwError(() => error)))));
  }
}

/** The body as the controller will read it; empty where it takes none, null where it does not fit. */
function readBodyOf(context: ExecutionContext, body: unknown): object | null {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ?? {}) as Readonly<
    Record<string, { readonly schema?: unknown }>
  >;
  const schema = Object.values(parameters).find((parameter) => parameter.schema instanceof z.ZodType)?.schema as z.ZodType | undefined;
  if (schema === undefined) return {};
  const read = schema.safeParse(body);
  return read.success && typeof read.data === 'object' && read.data !== null ? read.data : null;
}

/** A group chat counts once for each who takes part. */
function participants(body: object, project: Project): number {
  const { user_id: users, agent_id: agents } = body as { readonly user_id?: unknown; readonly agent_id?: unknown };
  const countOf = (ids: unknown): number => (Array.isArray(ids) ? ids.length : 0);
  return Math.max(1, countOf(users) + (project.settings.independentAgents ? countOf(agents) : 0));
}
