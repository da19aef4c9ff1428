import multipart from '@fastify/multipart';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Provider } from '@nestjs/common';
import { Metrics } from '@continuo/platform';
import type { Log } from '@continuo/platform';
import { AuthenticateKey } from '@continuo/use-cases';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ContinuoHttpModule } from './continuo-http.module.ts';
import { Documentation } from './documentation/documentation.ts';
import { buildOpenApi } from './documentation/open-api.ts';
import { Draining } from './draining.ts';
import { HTTP_LOG } from './http-log.ts';
import { HTTP_SETTINGS, type HttpSettings } from './http-settings.ts';
import { keyOf, rememberCaller } from './server/caller.ts';
import { createAdapter } from './server/fastify-adapter.ts';
import { KnownRoutes } from './server/known-routes.ts';

import { acceptUploads } from './server/upload-bodies.ts';
import { elapsedMs, rememberArrival, replyHeaders, runInside, traceRequest } from './server/request-tracing.ts';

/** Paths outside the prefix. */
const OPEN_PATHS = ['', 'livez', 'readyz', 'metrics', 'openapi.json', 'docs', 'docs/:file'];

/**
 * The HTTP server, ready to `listen`. `close` drains: running requests finish, streams end, then the server closes.
 * @param infrastructure see {@link ContinuoHttpModule}.
 */
export async function createHttpApplication(input: {
  readonly settings: HttpSettings;
  readonly infrastructure: readonly Provider[];
}): Promise<NestFastifyApplication> {
  const { settings } = input;
  const module = ContinuoHttpModule.with([...input.infrastructure, { provide: HTTP_SETTINGS, useValue: settings }]);
  const app = await NestFactory.create<NestFastifyApplication>(module, createAdapter(settings), {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  if (settings.prefix !== '') app.setGlobalPrefix(settings.prefix, { exclude: OPEN_PATHS });
  addHooks(app, settings);
  await app.register(multipart);
  app.get(Documentation).from(() => buildOpenApi(app));
  await app.init();
  return app;
}

function addHooks(app: NestFastifyApplication, settings: HttpSettings): void {
  const instance = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const draining = app.get(Draining);
  const routes = app.get(KnownRoutes);
  const metrics = app.get(Metrics);
  const log = app.get<Log>(HTTP_LOG);
  const authenticate = app.get(AuthenticateKey);

  instance.addHook('onRoute', (route) => {
    for (const name of [route.method].flat()) routes.add(name, route.url);
    if (route.url === `${settings.prefix}/add/knowledgebase-file`) acceptUploads(route, settings.maxBodyBytes);
  });
  instance.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    rememberArrival(request);
    const finish = draining.begin();
    reply.raw.once('close', () => {
      finish();
      const route = routeName(request, settings);
      const status = reply.raw.headersSent ? reply.raw.statusCode : 499;
      const durationMs = elapsedMs(request);
      metrics.request(route, status, durationMs);
      log.debug('request_done', {
        requestId: request.id,
        method: request.method,
        route,
        status,
        durationMs: Math.round(durationMs * 10) / 10,
      });
    });
    if (!isApi(request, settings)) return;
    const span = traceRequest(request, reply, routeName(request, settings));
    rememberCaller(request, await span.run(() => authenticate.execute(keyOf(request.headers.authorization))));
  });
  addReplyHooks(instance, draining);
}

/** What a reply carries; while the server stops, that its connection ends with it. */
function addReplyHooks(instance: FastifyInstance, draining: Draining): void {
  // After the body has arrived, because waiting for it leaves what was entered before.
  instance.addHook('preHandler', (request: FastifyRequest, _reply: FastifyReply, done: () => void) => runInside(request, done));
  // Streams send their head themselves, so for them it is decided before they begin.
  instance.addHook('preHandler', async (request: FastifyRequest, reply: FastifyReply) => {
    if (draining.isDraining) closeAfter(request, reply);
  });
  instance.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply) => {
    void reply.headers(replyHeaders(request));
    if (draining.isDraining) closeAfter(request, reply);
  });
}

/**
 * The reply says that its connection ends with it, so that the client sends the next request elsewhere. Not while the request is
 * still being sent: closed then, the connection would be reset and the reply lost.
 */
function closeAfter(request: FastifyRequest, reply: FastifyReply): void {
  if (request.raw.complete) reply.raw.shouldKeepAlive = false;
}

/** By the route that matched, not by the address: an address can be spelt in many ways. */
function isApi(request: FastifyRequest, settings: HttpSettings): boolean {
  const { url } = request.routeOptions;
  if (url === undefined || request.is404) return false;
  return settings.prefix === '' ? !OPEN_PATHS.includes(url.slice(1)) : url.startsWith(`${settings.prefix}/`);
}

/** The route without the prefix, for figures and logs: never the address, which can hold ids. */
function routeName(request: FastifyRequest, settings: HttpSettings): string {
  const { url } = request.routeOptions;
  if (url === undefined || request.is404) return 'unknown';
  return url.startsWith(`${settings.prefix}/`) ? url.slice(settings.prefix.length) : url;
}
