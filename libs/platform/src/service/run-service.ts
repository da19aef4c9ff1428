import type { Configuration } from '../config/configuration.ts';
import { ConfigurationError, loadConfiguration } from '../config/load-configuration.ts';
import { createLog, errorFields, type Log } from '../logs/log.ts';
import { startTraces } from '../traces/traces.ts';

/** What a started service can be told. */
export interface RunningService {
  /** Ends in good order: what runs is finished within the drain time, then everything is closed. */
  close(): Promise<void>;
}

/** Past the drain time and this the process ends whatever still runs. */
const LAST_RESORT_MS = 3_500;

/**
 * The life of one service of a cluster, called by its name in traces: reads the configuration, opens, and closes once when it is asked to stop (SIGINT, SIGTERM, or
 * the loss of the process that started it). What is wrong with the configuration is said in full, and the exit code is 1.
 */
export async function runService(name: string, open: (configuration: Configuration, log: Log) => Promise<RunningService>): Promise<void> {
  // Until it is open, ending is enough: everything kept is kept in transactions.
  let end: () => void = () => process.exit(0);
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(event, () => end());
  try {
    const configuration = loadConfiguration();
    const log = createLog(configuration.log);
    // A fault that nobody caught ends nothing but itself; what was half done was a transaction.
    process.on('unhandledRejection', (error) => log.error('unhandled', errorFields(error)));
    const traces = await startTraces({ endpoint: configuration.tracesEndpoint, service: name });
    const service = await open(configuration, log);
    end = closeOnce(() => service.close().then(() => traces.stop()), configuration.http.drainMs + LAST_RESORT_MS, log);
    // Whoever started it may have gone before anybody listened; started by hand this is undefined.
    if (process.connected === false) end();
  } catch (error) {
    process.stderr.write(`${complaint(error)}\n`);
    process.exit(1);
  }
}

function closeOnce(close: () => Promise<void>, lastResortMs: number, log: Log): () => void {
  let isClosing = false;
  return () => {
    if (isClosing) return;
    isClosing = true;
    setTimeout(() => process.exit(0), lastResortMs).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('close_failed', errorFields(error));
        process.exit(1);
      },
    );
  };
}

function complaint(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if ((error as { code?: unknown }).code === 'EADDRINUSE') return 'The port is taken by another program.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
