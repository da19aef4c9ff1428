import { createGenerationServer, createOperationsServer, modelPart, PartsReadiness } from '@continuo/entrypoints';
import type { Configuration, Log, RunningService } from '@continuo/platform';
import { type Infrastructure, openInfrastructure } from './infrastructure.ts';

/** Serves model answers. */
export async function openGeneration(configuration: Configuration, log: Log): Promise<RunningService> {
  const infrastructure = await openInfrastructure(configuration);
  const { models, metrics } = infrastructure;
  const server = await createGenerationServer({ ...infrastructure.server, ...models, log, metrics });
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

/** A model that is missing or down is for its callers to hear of; this service serves. */
const readinessOf = ({ models, limits }: Infrastructure): PartsReadiness =>
  new PartsReadiness([
    modelPart(models.chat),
    {
      name: 'limits',
      required: false,
      look: async () => {
        await limits.ping();
        return { state: 'ready', words: 'rates are counted in Redis, for all replicas' };
      },
    },
  ]);
