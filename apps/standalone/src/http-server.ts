import {
  createHttpApplication,
  HTTP_LOG,
  type HttpPorts,
  httpUseCases,
  PartsReadiness,
  READINESS,
  useCaseProviders,
} from '@continuo/entrypoints';
import { type Configuration, type Log, Metrics } from '@continuo/platform';
import { TOKEN_COUNTER } from '@continuo/ports';
import type { TransientKey } from '@continuo/use-cases';
import type { Infrastructure } from './infrastructure.ts';
import { watchedParts } from './watched-parts.ts';

export type HttpServer = Awaited<ReturnType<typeof createHttpApplication>>;

/** The use cases a request can reach, behind HTTP. */
export function createHttpServer(
  infrastructure: Infrastructure,
  transientKey: TransientKey | null,
  configuration: Configuration,
  log: Log,
): Promise<HttpServer> {
  return createHttpApplication({
    settings: configuration.http,
    infrastructure: [
      ...useCaseProviders(httpUseCases(portsOf(infrastructure), transientKey, configuration)),
      { provide: HTTP_LOG, useValue: log },
      { provide: READINESS, useValue: new PartsReadiness(watchedParts(infrastructure)) },
      { provide: TOKEN_COUNTER, useValue: infrastructure.tokens },
      { provide: Metrics, useValue: infrastructure.metrics },
    ],
  });
}

const portsOf = ({ records, recall, queue, models, embedder, tokens, limits }: Infrastructure): HttpPorts => ({
  records,
  recall,
  chatModel: models.chat,
  structured: models.structured,
  embedder,
  jobs: queue,
  tokens,
  limits,
});
