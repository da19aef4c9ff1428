import { availableParallelism, loadavg } from 'node:os';
import { BenchModel } from './bench-model.ts';
import { openBenchStores } from './bench-stores.ts';
import type { CellReport } from './cell.ts';
import { type ClusterCellPlan, measureClusterCell } from './cluster-cell.ts';
import { chooseEmbedder } from './embedder-choice.ts';
import type { BenchReport } from './report.ts';

type CellShape = Pick<
  ClusterCellPlan,
  'rate' | 'seconds' | 'seed' | 'only' | 'keepIn' | 'environment' | 'say' | 'replicas' | 'shards' | 'warmUpRequests'
>;

export interface ClusterBenchPlan extends CellShape {
  readonly sizes: readonly number[];
  /** So the users of a larger installation are more, and each is like before. */
  readonly memoriesPerUser: number;
  readonly embedder: 'local' | 'endpoint' | 'auto';
}

export interface ClusterBenchReport extends BenchReport {
  readonly stores: string;
  readonly processes: string;
}

/** Under a minute: says that everything is measured, not how fast it is. */
export const QUICK_CLUSTER = {
  sizes: [200],
  memoriesPerUser: 20,
  rate: 20,
  seconds: 1,
  replicas: { recall: 1, generation: 1, worker: 1 },
  shards: 1,
  warmUpRequests: 20,
} as const;

/** Measures every size on a cluster of its own. */
export async function runClusterBench(plan: ClusterBenchPlan): Promise<ClusterBenchReport> {
  const load = loadavg()[0] ?? 0;
  const embedder = await chooseEmbedder(plan.embedder);
  const model = await BenchModel.start(0);
  const cells: CellReport[] = [];
  try {
    const stores = await openBenchStores(plan.keepIn, plan.say);
    try {
      for (const memories of plan.sizes) {
        const users = Math.max(1, Math.round(memories / plan.memoriesPerUser));
        plan.say(`${memories} memories, ${users} users`);
        cells.push(await measureClusterCell({ ...plan, memories, users, embedder, model }));
        model.forget();
      }
    } finally {
      await stores.close();
    }
    const machine = `${availableParallelism()} cores, Node ${process.versions.node}, load of ${load.toFixed(1)} from others at the start`;
    const { rate, seconds } = plan;
    return { embedder: embedder.words, rate, seconds, machine, cells, stores: stores.words, processes: processesOf(plan) };
  } finally {
    await Promise.all([embedder.close(), model.close()]);
  }
}

const processesOf = ({ replicas, shards }: ClusterBenchPlan): string =>
  `1 gateway, ${Object.entries(replicas)
    .map(([service, count]) => `${count} ${service}`)
    .join(', ')}; index of ${shards} ${shards === 1 ? 'shard' : 'shards'}`;
