import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { AppError, type ErrorCode, type ErrorReply } from '@continuo/contracts';
import { errorFields, type Log } from '@continuo/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpSettings } from '../http-settings.ts';
import { ERROR_TABLE, statusOf } from './error-table.ts';
import type { KnownRoutes } from './known-routes.ts';
import { isOpenAiRoute, openAiError, openAiStatusOf } from './openai-errors.ts';
import { isStrictFor } from './project-settings.ts';

/** Wraps whatever goes wrong in the envelope. What is no `AppError` and no fault of the request is a bug: logged, and shown as `internal`. */
@Catch()
export class EnvelopeFilter implements ExceptionFilter {
  private readonly settings: HttpSettings;
  private readonly log: Log;
  private readonly routes: KnownRoutes;

  constructor(settings: HttpSettings, log: Log, routes: KnownRoutes) {
    this.settings = settings;
    this.log = log;
    this.routes = routes;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = request.is404 && !AppError.is(thrown) ? this.unknownRoute(request, reply) : asAppError(thrown);
    this.report(error, thrown, request);
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    void sendError(reply, request, error, isStrictFor(request, this.settings));
  }

  private unknownRoute(request: FastifyRequest, reply: FastifyReply): AppError {
    const path = pathOf(request.url);
    const methods = this.routes.methodsOf(path);
    if (methods.length === 0) return new AppError('unknown_path', 'There is nothing at this path.');
    void reply.header('allow', methods.join(', '));
    return new AppError('method_not_allowed', `This path answers ${methods.join(' and ')} only.`);
  }

  private report(error: AppError, thrown: unknown, request: FastifyRequest): void {
    const status = statusOf(error.code, false);
    const fields = { requestId: request.id, route: request.routeOptions.url ?? 'unknown', code: error.code };
    if (error.code === 'internal') this.log.error('request_broke', { ...fields, ...errorFields(thrown) });
    else if (status >= 500 && error.code !== 'draining')
      this.log.warn('request_failed', { ...fields, ...errorFields(error.options.cause ?? error), failed: error.message });
    else this.log.debug('request_refused', fields);
  }
}

/** Sends an error in the form of its endpoint; a wish to be left alone for a while becomes `retry-after`. */
export function sendError(reply: FastifyReply, request: FastifyRequest, error: AppError, strict: boolean): FastifyReply {
  const { status, body } = isOpenAiRoute(request)
    ? { status: openAiStatusOf(error.code), body: openAiError(error) }
    : { status: statusOf(error.code, strict), body: envelopeOf(error, request) };
  const { retryAfterMs } = error.options;
  if (retryAfterMs !== undefined) void reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1_000))));
  if (status === 401) void reply.header('www-authenticate', 'Token');
  // Closed while the client is still sending, the connection would be reset and the reply lost: the rest is read and thrown away,
  // for as long as a request may take to arrive.
  if (error.code === 'body_too_large') void reply.removeHeader('connection');
  return reply.code(status).type('application/json; charset=utf-8').send(body);
}

const envelopeOf = (error: AppError, request: FastifyRequest): ErrorReply => ({
  code: ERROR_TABLE[error.code].code,
  message: error.message,
  data: null,
  request_id: request.id,
});

/** Our error for whatever was thrown. */
export function asAppError(thrown: unknown): AppError {
  if (AppError.is(thrown)) return thrown;
  if (thrown instanceof HttpException) return refusal(thrown.getStatus(), thrown);
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return refusal(status, thrown);
  return new AppError('internal', 'Something went wrong on our side.', { cause: thrown });
}

/** What the framework refuses before a controller runs. Its sentences can hold parts of the request, so they are not passed on. */
function refusal(status: number, cause: unknown): AppError {
  const [code, sentence] = REFUSALS[status] ?? ['invalid_request', 'The request could not be read.'];
  return new AppError(code, sentence, { cause });
}

const REFUSALS: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  404: ['unknown_path', 'There is nothing at this path.'],
  405: ['method_not_allowed', 'This path does not answer this method.'],
  413: ['body_too_large', 'The body is too large.'],
  414: ['invalid_request', 'The address is too long.'],
  415: ['invalid_request', 'The body must be JSON.'],
};

export const pathOf = (url: string): string => url.split('?', 1)[0] ?? '/';
