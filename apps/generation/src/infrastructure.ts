import { type Models, openModels } from '@continuo/openai';
import { type Configuration, Metrics, readTlsFiles, requireForCluster, type TlsTexts } from '@continuo/platform';
import { openRedisLimits, type RedisLimits } from '@continuo/redis';
import { O200kTokenCounter } from '@continuo/tokens';

const DEFAULT_PORT = 50_052;

/** Everything generation holds open. */
export interface Infrastructure {
  readonly models: Models;
  readonly limits: RedisLimits;
  readonly metrics: Metrics;
  readonly server: { readonly token: string; readonly tls: TlsTexts['server']; readonly host: string; readonly port: number };
  close(): Promise<void>;
}

/** @throws ConfigurationError. */
export async function openInfrastructure(configuration: Configuration): Promise<Infrastructure> {
  const { services } = configuration;
  const { broker, token } = requireForCluster(configuration, ['broker', 'token']);
  const metrics = new Metrics();
  const limits = openRedisLimits(broker);
  const models = await openModels(configuration, new O200kTokenCounter(), metrics, { limits });
  return {
    models,
    limits,
    metrics,
    server: { token, tls: readTlsFiles(services.tls).server, host: configuration.host, port: services.port ?? DEFAULT_PORT },
    close: () => limits.close(),
  };
}
