import { z } from 'zod';
import { notes } from './setting-meta.ts';
import { brokerUrl, indexUrl, onOff, recordsUrl, secret, serviceTarget, url, wholeNumber } from './values.ts';

/** Where the stores are, and how the services of a cluster find and trust each other. */
export const clusterSettings = {
  CONTINUO_RECORDS_URL: recordsUrl.optional().register(notes, {
    group: 'Stores',
    description:
      'The records, which are the truth: `sqlite:FILE` for one process, `postgres://USER:PASSWORD@HOST:PORT/DATABASE` for a cluster.',
    expected: 'sqlite:FILE or a postgres:// address',
    defaultText: '`records.db` in the data folder',
    secret: true,
  }),
  CONTINUO_MIGRATION_URL: recordsUrl.optional().register(notes, {
    group: 'Stores',
    description: 'The same database for `continuo migrate`, by a role that may change its schema. The services never use it.',
    expected: 'a postgres:// address',
    defaultText: '`CONTINUO_RECORDS_URL`',
    secret: true,
  }),
  CONTINUO_RECORDS_CONNECTIONS: wholeNumber(2, 500).default(10).register(notes, {
    group: 'Stores',
    description: 'Connections to Postgres that one process holds at most.',
    expected: 'a whole number from 2 to 500',
  }),
  CONTINUO_RECORDS_TIMEOUT_MS: wholeNumber(100, 600_000).default(10_000).register(notes, {
    group: 'Stores',
    description: 'How long one statement may take in Postgres before it is given up.',
    expected: 'a whole number from 100 to 600000',
  }),
  CONTINUO_INDEX_URL: indexUrl.optional().register(notes, {
    group: 'Stores',
    description: 'OpenSearch, which holds the memory index of a cluster; user and password may stand in the address.',
    expected: 'an http or https address',
    defaultText: 'none: the index is a file in the data folder',
    secret: true,
  }),
  CONTINUO_INDEX_NAME: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/u)
    .default('continuo')
    .register(notes, {
      group: 'Stores',
      description: 'What the names of the index and its aliases begin with; several installations may share an OpenSearch.',
      expected: 'a letter, then at most 63 of a-z, 0-9 and -',
    }),
  CONTINUO_INDEX_SHARDS: wholeNumber(1, 96).default(4).register(notes, {
    group: 'Stores',
    description: 'Primary shards of an index made from now on; one user is always on one of them.',
    expected: 'a whole number from 1 to 96',
  }),
  CONTINUO_INDEX_REPLICAS: wholeNumber(0, 10).default(0).register(notes, {
    group: 'Stores',
    description: 'Copies of each shard in an index made from now on.',
    expected: 'a whole number from 0 to 10',
  }),
  CONTINUO_BROKER_URL: brokerUrl.optional().register(notes, {
    group: 'Stores',
    description:
      'Redis, which carries signals and nothing that cannot be lost: `redis://`, `rediss://` (TLS), `redis+sentinel://HOST:PORT,HOST:PORT/MASTER`, `redis+cluster://HOST:PORT,HOST:PORT`; user and password may stand in the address, `+tls` after `sentinel` or `cluster` switches TLS on.',
    expected: 'a redis://, rediss://, redis+sentinel:// or redis+cluster:// address',
    defaultText: 'none: work is queued in the process',
    secret: true,
  }),
  CONTINUO_BROKER_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/u)
    .default('continuo')
    .register(notes, {
      group: 'Stores',
      description: 'What every key in Redis begins with, as `{PREFIX}`; several installations may share a Redis.',
      expected: 'a letter, then at most 63 of a-z, 0-9 and -',
    }),

  CONTINUO_RECALL_URL: serviceTarget.default('127.0.0.1:50051').register(notes, {
    group: 'Services of a cluster',
    description:
      'Where recall answers: `HOST:PORT`, several of them separated by commas, or `dns:///NAME:PORT`, whose addresses share the calls.',
    expected: 'HOST:PORT, several separated by commas, or dns:///NAME:PORT',
  }),
  CONTINUO_GENERATION_URL: serviceTarget.default('127.0.0.1:50052').register(notes, {
    group: 'Services of a cluster',
    description: 'Where generation answers, written likewise.',
    expected: 'HOST:PORT, several separated by commas, or dns:///NAME:PORT',
  }),
  CONTINUO_SERVICE_PORT: wholeNumber(0, 65_535).optional().register(notes, {
    group: 'Services of a cluster',
    description: 'Port on which recall or generation answers calls of other services (gRPC).',
    expected: 'a whole number from 0 to 65535',
    defaultText: '`50051` for recall, `50052` for generation',
  }),
  CONTINUO_SERVICE_TOKEN: secret.optional().register(notes, {
    group: 'Services of a cluster',
    description: 'What every call between services carries; the same for all of them.',
    expected: 'a token without white space',
    defaultText: 'none; the services of a cluster do not start without it',
    secret: true,
  }),
  CONTINUO_SERVICE_TLS_CERTIFICATE: z.string().optional().register(notes, {
    group: 'Services of a cluster',
    description: 'PEM file with the certificate chain of this service; calls are then answered over TLS.',
    expected: 'a file',
    defaultText: 'none: calls are in clear',
  }),
  CONTINUO_SERVICE_TLS_KEY: z.string().optional().register(notes, {
    group: 'Services of a cluster',
    description: 'PEM file with its private key.',
    expected: 'a file',
    defaultText: 'none',
  }),
  CONTINUO_SERVICE_TLS_AUTHORITY: z.string().optional().register(notes, {
    group: 'Services of a cluster',
    description:
      'PEM file with the authority that signed the certificates of the services. Callers then use TLS; with a certificate of their own both sides prove who they are.',
    expected: 'a file',
    defaultText: 'none: calls are in clear',
  }),
  CONTINUO_OPERATIONS_PORT: wholeNumber(0, 65_535).default(9464).register(notes, {
    group: 'Services of a cluster',
    description: 'Port of `/livez`, `/readyz` and `/metrics` of recall, generation and worker; the gateway answers them beside the API.',
    expected: 'a whole number from 0 to 65535',
  }),
  CONTINUO_SHARE_PORT: onOff.default(false).register(notes, {
    group: 'Services of a cluster',
    description:
      'Whether other gateways of this machine may listen on the same port, so that a new one begins beside the one it takes the place of (Linux). `npm run cluster` sets it.',
    expected: 'true or false',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional().register(notes, {
    group: 'Services of a cluster',
    description: 'Collector that traces are sent to (OTLP over HTTP). Without it there are no traces.',
    expected: 'an http or https address without a password',
    defaultText: 'none',
  }),
} as const;
