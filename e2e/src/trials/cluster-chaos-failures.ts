import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName, TrialCluster } from './cluster-chaos-cluster.ts';
import type { TrialModels } from './cluster-chaos-models.ts';
import type { TrialStores } from './cluster-chaos-stores.ts';

export const FAILURES = ['worker', 'recall', 'generation', 'gateway', 'redis', 'index', 'opensearch', 'postgres', 'model'] as const;
export type FailureName = (typeof FAILURES)[number];

/** How long something stays away, in milliseconds. */
export interface Outages {
  readonly redisMs: number;
  readonly opensearchMs: number;
  readonly postgresMs: number;
  /** The first half with a model that stands in, the second without. */
  readonly modelMs: number;
}

export interface Victims {
  readonly cluster: TrialCluster;
  readonly stores: TrialStores;
  readonly models: TrialModels;
  readonly outages: Outages;
  readonly rounds: number;
  readonly random: () => number;
}

/** One failure that was brought about; epoch milliseconds. */
export interface Occurrence {
  readonly failure: FailureName;
  readonly round: number;
  /** Before anything was done. */
  readonly from: number;
  /** Certainly away from here … */
  readonly awayFrom: number;
  /** … at least to here; the same where nothing stays away. */
  readonly awayTo: number;
  /** When the model that stands in went, too; null: it stayed, or it was not about models. */
  readonly spareAwayFrom: number | null;
  /** When everything that was taken away is there again. */
  readonly until: number;
}

type Away = Pick<Occurrence, 'awayFrom' | 'awayTo'> & { readonly spareAwayFrom?: number };

/** Brings a failure about and ends it, as far as it does not end by itself. */
export async function inflict(failure: FailureName, round: number, victims: Victims): Promise<Occurrence> {
  const from = Date.now();
  const away = await DEEDS[failure](victims, round);
  return { failure, round, from, spareAwayFrom: null, ...away, until: Date.now() };
}

type Deed = (victims: Victims, round: number) => Promise<Away>;

const kill =
  (service: ServiceName): Deed =>
  async ({ cluster, random }) => {
    await cluster.kill(service, random);
    return atOnce();
  };

const DEEDS: Readonly<Record<FailureName, Deed>> = {
  worker: kill('worker'),
  recall: kill('recall'),
  generation: kill('generation'),
  gateway: kill('gateway'),

  /** Comes back with an empty data set. */
  redis: async ({ stores, outages }) => {
    await stores.wipe('redis');
    return during(outages.redisMs, () => stores.start('redis'));
  },

  /** Comes back, and then its index is deleted; not the last time: the filling anew would cover up what an outage alone does wrong. */
  opensearch: async ({ stores, outages, rounds }, round) => {
    await stores.kill('opensearch');
    const away = await during(outages.opensearchMs, () => stores.start('opensearch'));
    if (round + 1 < rounds) await stores.deleteIndexes();
    return away;
  },

  index: async ({ stores }) => {
    await stores.deleteIndexes();
    return atOnce();
  },

  postgres: async ({ stores, outages }) => {
    await stores.kill('postgres');
    return during(outages.postgresMs, () => stores.start('postgres'));
  },

  model: async ({ models, outages }, round) => {
    models.fail(round);
    const awayFrom = Date.now();
    await sleep(outages.modelMs / 2);
    models.failSpare();
    const spareAwayFrom = Date.now();
    await sleep(outages.modelMs / 2);
    const awayTo = Date.now();
    models.restore();
    return { awayFrom, awayTo, spareAwayFrom };
  },
};

function atOnce(): Away {
  const now = Date.now();
  return { awayFrom: now, awayTo: now };
}

async function during(outageMs: number, end: () => Promise<void>): Promise<Away> {
  const awayFrom = Date.now();
  await sleep(outageMs);
  const awayTo = Date.now();
  await end();
  return { awayFrom, awayTo };
}
