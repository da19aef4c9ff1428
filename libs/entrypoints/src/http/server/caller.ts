import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Project } from '@continuo/ports';
import type { FastifyRequest } from 'fastify';

/** What the server knows of a request besides what was sent. */
interface RequestFacts {
  /** Set before any controller of the API runs. */
  readonly project: Project;
}

const facts = new WeakMap<FastifyRequest, RequestFacts>();

export const rememberCaller = (request: FastifyRequest, project: Project): void => void facts.set(request, { project });

/** The project of a request; null before its key was looked at, and outside the API. */
export const knownCallerOf = (request: FastifyRequest): Project | null => facts.get(request)?.project ?? null;

export function callerOf(request: FastifyRequest): Project {
  const known = facts.get(request);
  // Only a route of the API that was not authenticated gets here: a bug, and never an open door.
  if (known === undefined) throw new Error('the request was not authenticated');
  return known.project;
}

/** The project the request's key opens. Never from the body. */
export const CallerProject = createParamDecorator((_data: unknown, context: ExecutionContext): Project =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** The key of an `Authorization` header: `Token <key>` or `Bearer <key>`, in any case; null: there is none. */
export function keyOf(header: string | undefined): string | null {
  const match = /^\s*(?:token|bearer)\s+(\S+)\s*$/iu.exec(header ?? '');
  return match?.[1] ?? null;
}
