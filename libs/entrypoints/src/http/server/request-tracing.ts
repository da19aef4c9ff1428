import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { openSpan, runForRequest, type Span } from '@continuo/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

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

const spans = new WeakMap<FastifyRequest, Span>();

/** Opens the span of a request, which ends with its reply. @param route the pattern, never the address: that can hold ids. */
export function traceRequest(request: FastifyRequest, reply: FastifyReply, route: string): Span {
  const { traceparent } = request.headers;
  const span = openSpan(`${request.method} ${route}`, {
    kind: 'server',
    parent: typeof traceparent === 'string' ? traceparent : null,
    attributes: { 'http.request.method': request.method, 'http.route': route },
  });
  spans.set(request, span);
  reply.raw.once('close', () => {
    const status = reply.raw.headersSent ? reply.raw.statusCode : 499;
    span.set({ 'http.response.status_code': status });
    span.end(status >= 500 ? { code: String(status) } : undefined);
  });
  return span;
}

/** What is called from inside belongs to the request and its span. */
export function runInside(request: FastifyRequest, work: () => void): void {
  const span = spans.get(request);
  runForRequest(request.id, span === undefined ? work : () => span.run(work));
}

/** Headers every reply carries: which request it was, and what it cost in milliseconds so far. */
export const replyHeaders = (request: FastifyRequest): Record<string, string> => ({
  'x-request-id': request.id,
  traceid: request.id,
  'req-cost-time': String(Math.round(elapsedMs(request))),
});
