import {
  createHttpApplication,
  HTTP_LOG,
  httpUseCases,
  listenOn,
  PartsReadiness,
  READINESS,
  useCaseProviders,
} from '@continuo/entrypoints';
import { type Configuration, errorFields, type Log, Metrics, type RunningService } from '@continuo/platform';
import { TOKEN_COUNTER } from '@continuo/ports';
import { hashOfKey, type TransientKey } from '@continuo/use-cases';
import { type Infrastructure, openInfrastructure } from './infrastructure.ts';
import { watchedParts } from './watched-parts.ts';

const DEFAULT_PROJECT = 'default';
const ASK_MS = 2_000;
/** While another gateway takes over, a client may come back on a connection that it has kept open. */
const QUIET_MS = 2_000;
/** Postgres may come up, or be migrated, after the gateway. */
const TRY_AGAIN_MS = 1_000;

/** Answers HTTP. */
export async function openGateway(configuration: Configuration, log: Log): Promise<RunningService> {
  const infrastructure = await openInfrastructure(configuration, log);
  const { records, recall, generation, queue, tokens, limits, metrics } = infrastructure;
  const ports = {
    records,
    recall: recall.recall,
    chatModel: generation.chat,
    structured: generation.structured,
    embedder: recall.embedder,
    jobs: queue,
    tokens,
    limits,
  };
  const server = await createHttpApplication({
    settings: { ...configuration.http, quietMs: QUIET_MS },
    infrastructure: [
      ...useCaseProviders(httpUseCases(ports, transientKey(configuration.apiKey), configuration)),
      { provide: HTTP_LOG, useValue: log },
      { provide: READINESS, useValue: new PartsReadiness(watchedParts(infrastructure)) },
      { provide: TOKEN_COUNTER, useValue: tokens },
      { provide: Metrics, useValue: metrics },
    ],
  });
  const stopMaking = makeDefaultProject(infrastructure, log);
  // Which models there are, and that recall answers: asked for a moment, because the first request counts like every other.
  await Promise.all([generation.described(ASK_MS), recall.isServing().catch(() => false)]);
  const { origin } = await listenOn(server, {
    host: configuration.host,
    port: configuration.port,
    reusePort: configuration.services.sharePort,
  });
  process.stdout.write(`${origin}${configuration.http.prefix}\n`);
  return {
    close: async () => {
      stopMaking();
      await server.close();
      await infrastructure.close();
    },
  };
}

const transientKey = (key: string | null): TransientKey | null =>
  key === null ? null : { keyHash: hashOfKey(key), projectId: DEFAULT_PROJECT };

/** The first start makes the default project. Returns what ends the trying. */
function makeDefaultProject({ records }: Infrastructure, log: Log): () => void {
  let timer: NodeJS.Timeout | undefined;
  let hasStopped = false;
  const make = (): void => {
    records.projects.create(DEFAULT_PROJECT, Date.now()).catch((error: unknown) => {
      log.warn('records_not_ready', errorFields(error));
      if (!hasStopped) timer = setTimeout(make, TRY_AGAIN_MS).unref();
    });
  };
  make();
  return () => {
    hasStopped = true;
    clearTimeout(timer);
  };
}
