import { createOperationsServer, createRecallServer, embeddingsPart, PartsReadiness, recordsPart } from '@continuo/entrypoints';
import type { Configuration, Log, Metrics, RunningService } from '@continuo/platform';
import type { RecallApi } from '@continuo/ports';
import { type Infrastructure, openInfrastructure } from './infrastructure.ts';

/** Serves recall, close to OpenSearch. */
export async function openRecall(configuration: Configuration, log: Log): Promise<RunningService> {
  const infrastructure = await openInfrastructure(configuration, log);
  const { opened, embedder, metrics } = infrastructure;
  const recall = withStages(infrastructure.recall, metrics);
  const server = await createRecallServer({ ...infrastructure.server, recall, index: opened.index, embedder, log, metrics });
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
      await server.close(configuration.http.drainMs);
      await infrastructure.close();
      await operations.close();
    },
  };
}

/** Counts what each part of a recall takes, where it runs. */
const withStages = (recall: RecallApi, metrics: Metrics): RecallApi => ({
  search: async (request, options) => {
    const result = await recall.search(request, options);
    const { embedMs, indexMs, totalMs } = result.timings;
    if (embedMs > 0) metrics.recallStage('embed', embedMs);
    metrics.recallStage('index', indexMs);
    metrics.recallStage('score', Math.max(0, totalMs - embedMs - indexMs));
    return result;
  },
});

/** Without the index it still knows what was said last and what may be returned: that is degraded, not down. */
const readinessOf = ({ records, opened, embedder }: Infrastructure): PartsReadiness =>
  new PartsReadiness([
    recordsPart(records),
    {
      name: 'index',
      required: false,
      look: async () => {
        const { version } = await opened.ping();
        return { state: 'ready', words: `OpenSearch ${version} answers` };
      },
    },
    embeddingsPart(embedder, records.vectors),
  ]);
