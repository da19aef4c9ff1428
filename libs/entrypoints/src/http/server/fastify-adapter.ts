import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppError } from '@continuo/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpSettings } from '../http-settings.ts';
import { sendError } from './error-filter.ts';
import { readBody } from './read-body.ts';
import { requestIdOf } from './request-tracing.ts';

/** How long a request may take to arrive in full. */
const ARRIVAL_MS = 120_000;
/** Longest path parameter; ids are far shorter, but clients send what they like. */
const MAX_PARAM_CHARACTERS = 1_024;

/** Fastify as the API needs it: forgiving about slashes and content types, and with the envelope for what it refuses itself. */
export function createAdapter(settings: HttpSettings): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: settings.maxBodyBytes,
    requestTimeout: ARRIVAL_MS,
    routerOptions: { maxParamLength: MAX_PARAM_CHARACTERS },
    genReqId: requestIdOf,
    rewriteUrl: (request: IncomingMessage) => tidyUrl(request.url ?? '/'),
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void sendError(reply, request, new AppError('invalid_request', 'The address cannot be read.'), settings.strict);
    },
    clientErrorHandler: (error, socket) => refuseConnection(error, socket),
  });
  const instance = adapter.getInstance();
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, readBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  return adapter;
}

/** Collapses repeated slashes and drops one at the end; the query stays as it is. */
export function tidyUrl(url: string): string {
  const queryAt = url.indexOf('?');
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  const tidy = path.replaceAll(/\/{2,}/gu, '/').replace(/(?<=.)\/$/u, '');
  return queryAt === -1 ? tidy : tidy + url.slice(queryAt);
}

/** What is no HTTP at all gets an envelope all the same. */
function refuseConnection(error: { readonly code?: string }, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const body = JSON.stringify({
    code: 40000,
    message: tooLarge ? 'The headers are too large.' : 'This is not a valid HTTP request.',
    data: null,
  });
  const status = tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
