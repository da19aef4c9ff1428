import 'reflect-metadata';
import { relative, resolve } from 'node:path';
import { type Configuration, ConfigurationError, createLog, errorFields, loadConfiguration, type Log } from '@continuo/platform';
import type { BackgroundWork } from '@continuo/entrypoints';
import { serverKey } from './api-key.ts';
import { backgroundWork } from './background-work.ts';
import { embedderSentence } from '@continuo/use-cases';
import { FolderInUseError } from './folder-lock.ts';
import { createHttpServer, type HttpServer } from './http-server.ts';
import { type Infrastructure, openInfrastructure } from './infrastructure.ts';
import { startMessage } from './start-message.ts';

const DEFAULT_PROJECT = 'default';
/** Past the drain time and this the process ends whatever still runs. */
const LAST_RESORT_MS = 3_500;

// Whatever is written here holds what people said.
process.umask(0o077);

/** What a signal, or the loss of the launcher, does. Until requests are served, ending is enough: everything kept is kept in transactions. */
let end: () => void = () => process.exit(0);
for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(event, () => end());

try {
  const configuration = loadConfiguration();
  const log = createLog(configuration.log);
  const infrastructure = await openInfrastructure(configuration, log);
  await serve(configuration, infrastructure, log);
} catch (error) {
  process.stderr.write(`${complaint(error)}\n`);
  process.exit(1);
}

async function serve(configuration: Configuration, infrastructure: Infrastructure, log: Log): Promise<void> {
  const { records } = infrastructure;
  await records.projects.create(DEFAULT_PROJECT, Date.now());
  const project = (await records.projects.list()).find(({ id }) => id === DEFAULT_PROJECT);
  if (project === undefined) throw new Error('the default project could not be made');
  const key = await serverKey(records.projects, project, shown(configuration.dataDirectory), configuration.apiKey);
  const server = await createHttpServer(infrastructure, key.transientKey, configuration, log);
  const work = backgroundWork(infrastructure, configuration, log);
  end = drainOnce(server, work, infrastructure, configuration.http.drainMs, log);
  // A fault that nobody caught ends nothing but itself; what was half done was a transaction.
  process.on('unhandledRejection', (error) => log.error('unhandled', errorFields(error)));
  work.start();
  await server.listen(configuration.port, configuration.host);
  // The launcher may have gone before anybody listened; without a launcher this is undefined.
  if (process.connected === false) end();

  const origin = originOf(server, configuration.host);
  const state = infrastructure.embedder.state();
  const progress = state.status === 'ready' ? await records.vectors.progress(state.model.id) : null;
  process.stdout.write(
    startMessage({
      baseUrl: `${origin}${configuration.http.prefix}`,
      docsUrl: `${origin}/docs`,
      dataFolder: configuration.dataDirectory,
      key,
      model: infrastructure.models.chat.describe().reason,
      embedder: embedderSentence(state, progress),
    }),
  );
}

/** Requests end in good order while background work stops beside them; then everything is closed. The first call counts. */
function drainOnce(server: HttpServer, work: BackgroundWork, infrastructure: Infrastructure, drainMs: number, log: Log): () => void {
  let stopping = false;
  return () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), drainMs + LAST_RESORT_MS).unref();
    Promise.all([server.close(), work.stop()])
      .then(() => infrastructure.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error('close_failed', errorFields(error));
          process.exit(1);
        },
      );
  };
}

/** With the port that was really taken: 0 asks for any. */
function originOf(server: HttpServer, host: string): string {
  const address = server.getHttpServer().address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** The way to a folder that is the shorter to read. */
function shown(folder: string): string {
  const near = relative(process.cwd(), resolve(folder));
  return near.startsWith('..') ? resolve(folder) : near === '' ? '.' : near;
}

/** What a person is told when the server cannot start. */
function complaint(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof FolderInUseError) return error.message;
  const code = (error as { code?: unknown }).code;
  if (code === 'EADDRINUSE') return 'The port is taken by another program. Stop that, or choose another one with PORT.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
