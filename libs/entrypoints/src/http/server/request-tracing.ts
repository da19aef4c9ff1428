import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';

const SAFE_ID = /^[\w.:-]{1,128}$/u;

/** The caller's `x-request-id` when it is harmless to log and give back, else a new one. */
export function requestIdOf(request: { readonly headers: IncomingHttpHeaders }): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SAFE_ID.test(given) ? given : randomUUID();
}

const arrivals = new WeakMap<FastifyRequest, number>();

export const rememberArrival = (request: FastifyRequest): void => void arrivals.set(request, performance.now());

/** Milliseconds since the request arrived. */
export const elapsedMs = (request: FastifyRequest): number => performance.now() - (arrivals.get(request) ?? performance.now());

/** Headers every reply carries: which request it was, and what it cost in milliseconds so far. */
export const replyHeaders = (request: FastifyRequest): Record<string, string> => ({
  'x-request-id': request.id,
  traceid: request.id,
  'req-cost-time': String(Math.round(elapsedMs(request))),
});
