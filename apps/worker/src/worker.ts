import { BackgroundWork, createOperationsServer, PartsReadiness, recordsPart } from '@continuo/entrypoints';
import type { Configuration, Log, RunningService } from '@continuo/platform';
import { type Infrastructure, openInfrastructure } from './infrastructure.ts';

/** One worker sweeps for all of them; a signal lost with the broker waits no longer than this. */
const SWEEP_EVERY_MS = 5_000;

const COUNT_EVERY_MS = 15_000;

/** Runs the jobs. */
export async function openWorker(configuration: Configuration, log: Log): Promise<RunningService> {
  const infrastructure = await openInfrastructure(configuration, log);
  const { records, recall, generation, queue, readers, metrics } = infrastructure;
  const work = new BackgroundWork({
    configuration,
    log,
    metrics,
    records,
    readers,
    index: recall.index,
    structured: generation.structured,
    embedder: recall.embedder,
    queue,
    recall: recall.recall,
    lanes: configuration.workerConcurrency,
    sweepEveryMs: SWEEP_EVERY_MS,
  });
  work.start();
  const counting = setInterval(() => void countDeadLetters(infrastructure), COUNT_EVERY_MS).unref();
  const operations = await createOperationsServer({
    host: configuration.host,
    port: configuration.services.operationsPort,
    readiness: readinessOf(infrastructure),
    metrics,
    log,
  });
  return {
    close: async () => {
      operations.drain();
      clearInterval(counting);
      await work.stop(configuration.http.drainMs);
      await infrastructure.close();
      await operations.close();
    },
  };
}

async function countDeadLetters({ queue, metrics }: Infrastructure): Promise<void> {
  // A broker that is away is told by its own figure.
  const queues = await queue.depth().catch(() => []);
  for (const { name, failed } of queues) metrics.deadLetters(name, failed);
}

const readinessOf = ({ records, recall, generation, queue }: Infrastructure): PartsReadiness =>
  new PartsReadiness([
    recordsPart(records),
    {
      name: 'broker',
      required: true,
      look: async () => {
        await queue.ping();
        return { state: 'ready', words: 'Redis answers' };
      },
    },
    servicePart('recall', recall),
    servicePart('generation', generation),
  ]);

const servicePart = (name: string, client: { isServing(): Promise<boolean> }) => ({
  name,
  required: false,
  look: async () =>
    (await client.isServing())
      ? ({ state: 'ready', words: 'answers' } as const)
      : ({ state: 'degraded', words: 'does not answer: work waits for it' } as const),
});
