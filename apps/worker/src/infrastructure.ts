import { openFileReaders } from '@continuo/documents';
import { type GenerationClient, openGenerationClient, openRecallClient, type RecallClient } from '@continuo/grpc';
import {
  type Configuration,
  currentRequestId,
  errorFields,
  type Log,
  Metrics,
  readTlsFiles,
  requireForCluster,
  runInTrace,
  traceparent,
} from '@continuo/platform';
import { openRecords, type Records } from '@continuo/records';
import type { FileReaders } from '@continuo/use-cases';
import { type BullQueue, countBrokerEvents, openBullQueue } from '@continuo/redis';

/** What a worker was doing when it died is taken over by another after this and some seconds. */
const LOCK_MS = 15_000;

/** Everything a worker holds open. */
export interface Infrastructure {
  readonly records: Records;
  readonly recall: RecallClient;
  readonly generation: GenerationClient;
  readonly queue: BullQueue;
  readonly readers: FileReaders;
  readonly metrics: Metrics;
  /** After the work has stopped. */
  close(): Promise<void>;
}

/** Opens without waiting for anybody. @throws ConfigurationError. */
export async function openInfrastructure(configuration: Configuration, log: Log): Promise<Infrastructure> {
  const { stores, services } = configuration;
  const { recordsUrl, broker, token } = requireForCluster(configuration, ['recordsUrl', 'broker', 'token']);
  const metrics = new Metrics();
  const tls = readTlsFiles(services.tls).client;
  const records = await openRecords(
    { engine: 'postgres', url: recordsUrl },
    { connections: stores.recordsConnections, statementTimeoutMs: stores.recordsTimeoutMs, applicationName: 'continuo-worker' },
  );
  const calls = { token, tls, requestId: currentRequestId, log };
  const recall = await openRecallClient({
    target: services.recallTarget,
    recallTimeoutMs: configuration.recallTimeoutMs,
    ...calls,
  });
  const generation = await openGenerationClient({ target: services.generationTarget, ...calls });
  const queue = openBullQueue({
    ...broker,
    lockMs: LOCK_MS,
    onEvent: countBrokerEvents(metrics, log),
    traceparent: () => traceparent() ?? undefined,
    runInTrace,
    onFailure: (job, error, attempt) => log.warn('job_failed', { job: job.name, attempt, ...errorFields(error) }),
  });
  const readers = openFileReaders(configuration.fetchAllowed);
  generation.chat.open();
  return {
    records,
    recall,
    generation,
    queue,
    readers,
    metrics,
    close: async () => {
      await Promise.all([recall.close(), generation.close(), readers.close()]);
      await records.close();
    },
  };
}
