import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError, type ErrorReply } from '@continuo/contracts';
import { errorFields, type Log, type Metrics } from '@continuo/platform';
import { type Readiness, type ReadinessReport, SHUTTING_DOWN } from '../http/readiness.ts';
import { pathOf } from '../http/server/error-filter.ts';
import { ERROR_TABLE } from '../http/server/error-table.ts';
import { tidyUrl } from '../http/server/fastify-adapter.ts';
import { requestIdOf } from '../http/server/request-tracing.ts';
import { reportMetered } from './metered-readiness.ts';

/** What operators and orchestrators ask of a service that has no HTTP of its own. */
export interface OperationsServer {
  /** The port that was taken; asking for 0 takes a free one. */
  readonly port: number;
  /** From now on `/readyz` answers 503, so that nobody sends more work; everything else goes on. */
  drain(): void;
  /** Closes every connection; a second call does nothing. */
  close(): Promise<void>;
}

export interface OperationsOptions {
  readonly host: string;
  readonly port: number;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly log: Log;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

type Answer = () => Promise<Reply> | Reply;

/**
 * Answers `/livez`, `/readyz` and `/metrics` as the gateway does beside its API, without a key: its port is for the inside.
 *
 * @throws the error of the operating system when the port cannot be taken.
 */
export async function createOperationsServer(options: OperationsOptions): Promise<OperationsServer> {
  let isDraining = false;
  const answers: Readonly<Record<string, Answer>> = {
    '/livez': () => json(200, { status: 'ok' }),
    '/readyz': async () => {
      const report = isDraining ? SHUTTING_DOWN : await reportMetered(options.readiness, options.metrics);
      return json(report.status === 'unavailable' ? 503 : 200, report satisfies ReadinessReport);
    },
    '/metrics': async () => ({ status: 200, type: options.metrics.contentType, body: await options.metrics.text() }),
  };
  const server = createServer((request, response) => void answer(request, response, answers, options.log));
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    drain: () => {
      isDraining = true;
    },
    close: () => close(server),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  answers: Readonly<Record<string, Answer>>,
  log: Log,
): Promise<void> {
  const requestId = requestIdOf(request);
  const { status, type, body } = await replyTo(request, answers).catch((thrown: unknown) => {
    const error = AppError.is(thrown) ? thrown : new AppError('internal', 'Something went wrong on our side.', { cause: thrown });
    if (error.code === 'internal') log.error('request_broke', { requestId, ...errorFields(thrown) });
    return envelope(error, requestId);
  });
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
    ...(status === 405 ? { allow: 'GET' } : {}),
  });
  response.end(body);
}

async function replyTo(request: IncomingMessage, answers: Readonly<Record<string, Answer>>): Promise<Reply> {
  const path = pathOf(tidyUrl(request.url ?? '/'));
  const found = Object.hasOwn(answers, path) ? answers[path] : undefined;
  if (found === undefined) throw new AppError('unknown_path', 'There is nothing at this path.');
  // To a HEAD request Node sends the head of the same reply.
  if (request.method !== 'GET' && request.method !== 'HEAD') throw new AppError('method_not_allowed', 'This path answers GET only.');
  return found();
}

function envelope(error: AppError, requestId: string): Reply {
  const { code, status } = ERROR_TABLE[error.code];
  return json(status, { code, message: error.message, data: null, request_id: requestId } satisfies ErrorReply);
}

const json = (status: number, value: object): Reply => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
});

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
