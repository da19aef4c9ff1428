import type { Configuration } from './configuration.ts';
import { ConfigurationError } from './load-configuration.ts';

type Stores = Configuration['stores'];

/** What a service of a cluster cannot do without. */
export interface ClusterNeeds {
  readonly recordsUrl: string;
  readonly index: NonNullable<Stores['index']>;
  readonly broker: NonNullable<Stores['broker']>;
  readonly token: string;
}

const MISSING: Readonly<Record<keyof ClusterNeeds, string>> = {
  recordsUrl: 'CONTINUO_RECORDS_URL names no Postgres; a service of a cluster keeps its records there, expected a postgres:// address.',
  index: 'CONTINUO_INDEX_URL is not set; expected the address of OpenSearch.',
  broker: 'CONTINUO_BROKER_URL is not set; expected the address of Redis.',
  token: 'CONTINUO_SERVICE_TOKEN is not set; expected the token that all services of this cluster share.',
};

/** @throws ConfigurationError naming everything of these that is missing. */
export function requireForCluster<Need extends keyof ClusterNeeds>(
  { stores, services }: Configuration,
  needs: readonly Need[],
): Pick<ClusterNeeds, Need> {
  const found: { readonly [Each in keyof ClusterNeeds]: ClusterNeeds[Each] | null } = {
    recordsUrl: stores.records.engine === 'postgres' ? stores.records.url : null,
    index: stores.index,
    broker: stores.broker,
    token: services.token,
  };
  const missing = needs.filter((need) => found[need] === null);
  if (missing.length > 0) throw new ConfigurationError(missing.map((need) => MISSING[need]));
  return found as Pick<ClusterNeeds, Need>;
}
