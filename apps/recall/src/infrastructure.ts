import { createEmbedder, expectedModelId, type OpenableEmbedder } from '@continuo/embeddings';
import { countIndexEvents, type OpenedOpenSearchIndex, openOpenSearchIndex } from '@continuo/opensearch';
import {
  type Configuration,
  ConfigurationError,
  type Log,
  Metrics,
  readTlsFiles,
  requireForCluster,
  type TlsTexts,
} from '@continuo/platform';
import type { VectorRecords } from '@continuo/ports';
import { openRecords, type Records } from '@continuo/records';
import { refusalOfModel, SearchMemory } from '@continuo/use-cases';

const DEFAULT_PORT = 50_051;
/** A query's vector is waited for this long before the words go alone. */
const EMBED_TIMEOUT_MS = 250;

/** Everything recall holds open. */
export interface Infrastructure {
  readonly records: Records;
  readonly opened: OpenedOpenSearchIndex;
  readonly embedder: OpenableEmbedder;
  readonly recall: SearchMemory;
  readonly metrics: Metrics;
  readonly server: { readonly token: string; readonly tls: TlsTexts['server']; readonly host: string; readonly port: number };
  close(): Promise<void>;
}

/** Opens without waiting for anybody. @throws ConfigurationError. */
export async function openInfrastructure(configuration: Configuration, log: Log): Promise<Infrastructure> {
  const { stores, services } = configuration;
  const { recordsUrl, index, token } = requireForCluster(configuration, ['recordsUrl', 'index', 'token']);
  const metrics = new Metrics();
  const records = await openRecords(
    { engine: 'postgres', url: recordsUrl },
    { connections: stores.recordsConnections, statementTimeoutMs: stores.recordsTimeoutMs, applicationName: 'continuo-recall' },
  );
  await refuseOtherModel(configuration, records.vectors);
  const opened = openOpenSearchIndex({ ...index, onEvent: countIndexEvents(metrics, log) });
  const embedder = createEmbedder(configuration);
  const recall = new SearchMemory(opened.index, records.recall, embedder, {
    timeoutMs: configuration.recallTimeoutMs,
    embedTimeoutMs: EMBED_TIMEOUT_MS,
    recallTurns: configuration.recallTurns,
    timeZone: configuration.timeZone,
    calibration: configuration.embedding.calibration,
  });
  embedder.open();
  return {
    records,
    opened,
    embedder,
    recall,
    metrics,
    server: { token, tls: readTlsFiles(services.tls).server, host: configuration.host, port: services.port ?? DEFAULT_PORT },
    close: async () => {
      await Promise.all([opened.close(), embedder.close(), records.close()]);
    },
  };
}

/** Records that cannot be asked yet refuse nothing: the worker does not adopt such a model later either. @throws ConfigurationError. */
async function refuseOtherModel(configuration: Configuration, vectors: VectorRecords): Promise<void> {
  const refusal = await refusalOfModel(expectedModelId(configuration), vectors).catch(() => null);
  if (refusal !== null) throw new ConfigurationError([refusal]);
}
