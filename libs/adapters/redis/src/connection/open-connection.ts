import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { BrokerAddress } from './broker-address.ts';

export type BrokerConnection = Redis | Cluster;

/**
 * `signals`: what callers wait for; fails at once while the broker is away.
 * `work`: what workers wait on; its commands wait for the broker to come back.
 */
export type ConnectionPurpose = 'signals' | 'work';

export interface ConnectionSettings {
  /** PEM of the authority that signed the broker's certificate. Default: those that Node trusts. */
  readonly tlsAuthority?: string;
  /** How long a command of the purpose `signals` waits for its reply. Default: 5 s. */
  readonly commandTimeoutMs?: number;
}

/** What a single Redis, a sentinel's master and the nodes of a cluster are asked with. */
type SharedOptions = Pick<
  RedisOptions,
  | 'username'
  | 'password'
  | 'tls'
  | 'connectTimeout'
  | 'connectionName'
  | 'reconnectOnError'
  | 'maxRetriesPerRequest'
  | 'enableOfflineQueue'
  | 'commandTimeout'
>;

const CONNECT_TIMEOUT_MS = 5_000;
/** Longest time between two attempts to connect, so that work goes on soon after the broker is back. */
const LONGEST_RECONNECT_MS = 1_000;
/** No reply for so long means that the broker hangs; its scripts take milliseconds. */
const COMMAND_TIMEOUT_MS = 5_000;

/** 50 ms, then doubled, a second at most, with jitter so that processes do not come back together. */
const reconnectDelayMs = (times: number): number =>
  Math.round(Math.min(LONGEST_RECONNECT_MS, 50 * 2 ** Math.min(times - 1, 6)) * (0.75 + Math.random() / 4));

/** Opens a connection that never gives up reconnecting. Whoever opens it listens to `error` and disconnects it. */
export function openConnection(address: BrokerAddress, purpose: ConnectionPurpose, settings: ConnectionSettings = {}): BrokerConnection {
  const tls = address.tls ? { tls: settings.tlsAuthority === undefined ? {} : { ca: settings.tlsAuthority } } : {};
  const options: SharedOptions = {
    ...(address.username === null ? {} : { username: address.username }),
    ...(address.password === null ? {} : { password: address.password }),
    ...tls,
    connectTimeout: CONNECT_TIMEOUT_MS,
    connectionName: `continuo-${purpose}`,
    // After a failover the old master refuses writes; the sentinels or the cluster know the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...(purpose === 'work'
      ? { maxRetriesPerRequest: null }
      : { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: settings.commandTimeoutMs ?? COMMAND_TIMEOUT_MS }),
  };
  if (address.kind === 'cluster') return openCluster(address, purpose, options);
  const one = { ...options, db: address.database, retryStrategy: reconnectDelayMs };
  if (address.kind === 'single') return new Redis({ ...one, host: address.host.host, port: address.host.port });
  return new Redis({
    ...one,
    sentinels: address.sentinels.map(({ host, port }) => ({ host, port })),
    name: address.master,
    sentinelRetryStrategy: reconnectDelayMs,
    ...(address.sentinelUsername === null ? {} : { sentinelUsername: address.sentinelUsername }),
    ...(address.sentinelPassword === null ? {} : { sentinelPassword: address.sentinelPassword }),
    ...(address.tls ? { enableTLSForSentinelMode: true, sentinelTLS: tls.tls ?? {} } : {}),
  });
}

function openCluster(
  address: Extract<BrokerAddress, { kind: 'cluster' }>,
  purpose: ConnectionPurpose,
  { enableOfflineQueue: _enableOfflineQueue, ...redisOptions }: SharedOptions,
): Cluster {
  return new Cluster(
    address.nodes.map(({ host, port }) => ({ host, port })),
    {
      enableOfflineQueue: purpose === 'work',
      clusterRetryStrategy: reconnectDelayMs,
      // A certificate names hosts, and the cluster may tell addresses: with TLS the names are left to the resolver of the connection.
      ...(address.tls ? { dnsLookup: (name, callback) => callback(null, name) } : {}),
      redisOptions,
    },
  );
}
