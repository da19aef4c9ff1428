import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';
import { MAX_RPC_MESSAGE_BYTES } from '@continuo/contracts';
import { PORTION_BYTES } from './in-portions.ts';

/** PEM texts. A certificate and its key show the service who we are. */
export interface RpcClientTls {
  readonly authority: string;
  readonly certificate: string | null;
  readonly key: string | null;
}

/** A replica that comes back is used within a second. */
const RECONNECT_FIRST_MS = 100;
const RECONNECT_LAST_MS = 1_000;
const RESOLVE_AGAIN_MS = 5_000;
/** A connection that is silently gone is noticed while calls wait on it. */
const KEEPALIVE_TIME_MS = 10_000;
const KEEPALIVE_TIMEOUT_MS = 3_000;
/** What may be sent again has to be kept: several portions of a list. Larger calls are sent once. */
const CALL_RETRY_BYTES = 4 * PORTION_BYTES;
const ALL_RETRY_BYTES = 4 * CALL_RETRY_BYTES;

/** `UNAVAILABLE` alone: the call was not served, another replica may. Fast, because somebody waits for an answer. */
const RETRY_POLICY = {
  maxAttempts: 4,
  initialBackoff: '0.02s',
  maxBackoff: '0.2s',
  backoffMultiplier: 2,
  retryableStatusCodes: ['UNAVAILABLE'],
} as const;

/** @param repeatable services whose calls may be sent twice */
export function channelOptions(repeatable: readonly string[], authority: string | null): ChannelOptions {
  return {
    'grpc.service_config': JSON.stringify({
      loadBalancingConfig: [{ round_robin: {} }],
      methodConfig: repeatable.length === 0 ? [] : [{ name: repeatable.map((service) => ({ service })), retryPolicy: RETRY_POLICY }],
    }),
    'grpc.initial_reconnect_backoff_ms': RECONNECT_FIRST_MS,
    'grpc.max_reconnect_backoff_ms': RECONNECT_LAST_MS,
    'grpc.dns_min_time_between_resolutions_ms': RESOLVE_AGAIN_MS,
    'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
    'grpc.max_send_message_length': MAX_RPC_MESSAGE_BYTES,
    'grpc.max_receive_message_length': MAX_RPC_MESSAGE_BYTES,
    'grpc.per_rpc_retry_buffer_size': CALL_RETRY_BYTES,
    'grpc.retry_buffer_size': ALL_RETRY_BYTES,
    // Clients of one process share nothing: closing one leaves the other's connections alone.
    'grpc.use_local_subchannel_pool': 1,
    ...(authority === null ? {} : { 'grpc.default_authority': authority }),
  };
}

export function credentialsOf(tls: RpcClientTls | null): ChannelCredentials {
  if (tls === null) return credentials.createInsecure();
  const buffer = (pem: string | null): Buffer | null => (pem === null ? null : Buffer.from(pem));
  return credentials.createSsl(buffer(tls.authority), buffer(tls.key), buffer(tls.certificate));
}
