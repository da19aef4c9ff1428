import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Audit, audit } from './cluster-chaos-audit.ts';
import { TrialCluster } from './cluster-chaos-cluster.ts';
import { type FailureName, inflict, type Outages } from './cluster-chaos-failures.ts';
import { Load, type LoadOptions } from './cluster-chaos-load.ts';
import { TrialModels } from './cluster-chaos-models.ts';
import { Normality } from './cluster-chaos-normal.ts';
import { brokenPromises, CHAT_TIMEOUT_MS, type Observed } from './cluster-chaos-rules.ts';
import { TrialStores } from './cluster-chaos-stores.ts';
import { type FailureRow, rowsOf } from './cluster-chaos-table.ts';
import { randomFrom } from './random.ts';

export interface ClusterChaosOptions extends LoadOptions {
  /** How often each failure comes. */
  readonly rounds: number;
  readonly failures: readonly FailureName[];
  readonly outages: Outages;
  /** Between the end of one failure and the next. */
  readonly calmMs: number;
  /** How long it may take after a failure until everything works as before. */
  readonly normalWithinMs: number;
  /** How long all work may take to end once nothing fails any more. */
  readonly settleMs: number;
  readonly replicas: string;
  /** `beside`: only Redis is the trial's own; Postgres and OpenSearch are those of the environment, and cannot fail. */
  readonly stores: 'own' | 'beside';
  /** Gets what the processes of the cluster say; null: nobody does. */
  readonly logFile: string | null;
  /** Ends it before the next failure. */
  readonly signal: AbortSignal;
  /** Hears how far it is. */
  readonly say: (line: string) => void;
}

export interface ClusterChaosReport extends Audit {
  readonly rows: readonly FailureRow[];
  readonly brokenPromises: readonly string[];
  /** Requests that both times were not answered. */
  readonly givenUp: number;
  readonly versions: readonly string[];
}

/** Lets everything that a cluster is made of fail under a steady load, and counts what is missing, doubled or unended afterwards. */
export async function wreakOnCluster(options: ClusterChaosOptions): Promise<ClusterChaosReport> {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-chaos-models-'));
  const models = await TrialModels.start();
  try {
    options.say('starting the stores');
    const stores = options.stores === 'own' ? await TrialStores.openOwn() : await TrialStores.openBeside();
    try {
      options.say(`starting the cluster on ${stores.versions.join(', ')}`);
      const settings = await models.settings(join(folder, 'models.json'));
      const cluster = await TrialCluster.start({ ...stores.environment, ...settings, ...settingsOf(options) }, options.logFile);
      try {
        return { ...(await run(options, { cluster, stores, models })), versions: stores.versions };
      } finally {
        await cluster.close();
      }
    } finally {
      await stores.close();
    }
  } finally {
    await models.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const settingsOf = ({ replicas }: ClusterChaosOptions): Readonly<Record<string, string>> => ({
  CONTINUO_CLUSTER_REPLICAS: replicas,
  CONTINUO_INDEX_SHARDS: '1',
  CONTINUO_CHAT_TIMEOUT_MS: String(CHAT_TIMEOUT_MS),
});

interface Parts {
  readonly cluster: TrialCluster;
  readonly stores: TrialStores;
  readonly models: TrialModels;
}

async function run(options: ClusterChaosOptions, parts: Parts): Promise<Omit<ClusterChaosReport, 'versions'>> {
  const { cluster, models } = parts;
  const normality = new Normality(cluster, options.normalWithinMs, options.signal);
  await normality.prepare();
  const missing = await normality.await();
  if (missing !== null) throw new Error(`it does not work before anything failed: ${missing}`);
  const load = new Load(cluster, options);
  load.start();
  const occurrences: Observed[] = [];
  const victims = { ...parts, outages: options.outages, rounds: options.rounds, random: randomFrom(options.seed + 1) };
  try {
    for (let round = 0; round < options.rounds; round += 1) {
      for (const failure of options.failures) {
        await sleep(options.calmMs, undefined, { signal: options.signal });
        models.forget();
        const occurrence = await inflict(failure, round, victims);
        const missing = await normality.await();
        const observed = { ...occurrence, normalAt: Date.now(), missing };
        occurrences.push(observed);
        options.say(
          `${failure} ${round + 1} of ${options.rounds}: normal ${((observed.normalAt - observed.until) / 1_000).toFixed(1)} s after its end`,
        );
      }
    }
    await sleep(options.calmMs);
  } finally {
    await load.stop();
  }
  options.say(`${load.attempts.length} requests were sent; waiting until all work has ended`);
  return {
    ...(await audit(cluster, load.said, options.settleMs)),
    rows: rowsOf(occurrences, load.attempts),
    brokenPromises: brokenPromises(occurrences, load.attempts),
    givenUp: load.said.filter(({ acknowledged }) => !acknowledged).length,
  };
}
