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
import type { TokenCounter } from '@continuo/ports';
import { openRecords, type Records } from '@continuo/records';
import { type BullQueue, countBrokerEvents, openBullQueue, openRedisLimits, type RedisLimits } from '@continuo/redis';
import { O200kTokenCounter } from '@continuo/tokens';

/** Everything the gateway holds open. */
export interface Infrastructure {
  readonly records: Records;
  readonly recall: RecallClient;
  readonly generation: GenerationClient;
  readonly queue: BullQueue;
  readonly tokens: TokenCounter;
  /** What all gateways together let a project use. */
  readonly limits: RedisLimits;
  readonly metrics: Metrics;
  close(): Promise<void>;
}

/** Opens without waiting for anybody: a store or service that is down is seen by requests, and by `/readyz`. @throws ConfigurationError. */
export async function openInfrastructure(configuration: Configuration, log: Log): Promise<Infrastructure> {
  const { stores, services } = configuration;
  const { recordsUrl, broker, token } = requireForCluster(configuration, ['recordsUrl', 'broker', 'token']);
  const tls = readTlsFiles(services.tls).client;
  const metrics = new Metrics();
  const records = await openRecords(
    { engine: 'postgres', url: recordsUrl },
    { connections: stores.recordsConnections, statementTimeoutMs: stores.recordsTimeoutMs, applicationName: 'continuo-gateway' },
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
    onEvent: countBrokerEvents(metrics, log),
    traceparent: () => traceparent() ?? undefined,
    runInTrace,
    onFailure: (job, error, attempt) => log.warn('job_failed', { job: job.name, attempt, ...errorFields(error) }),
  });
  const limits = openRedisLimits(broker);
  generation.chat.open();
  recall.embedder.open();
  return {
    records,
    recall,
    generation,
    queue,
    tokens: new O200kTokenCounter(),
    limits,
    metrics,
    close: async () => {
      await Promise.all([recall.close(), generation.close(), queue.close(0), limits.close()]);
      await records.close();
    },
  };
}
