import { availableParallelism, loadavg } from 'node:os';
import { measureCell, type CellPlan, type CellReport } from './cell.ts';
import { chooseEmbedder } from './embedder-choice.ts';
import type { BenchReport } from './report.ts';

export interface BenchPlan extends Pick<CellPlan, 'rate' | 'seconds' | 'seed' | 'only' | 'keepIn' | 'environment' | 'say'> {
  readonly sizes: readonly number[];
  readonly users: readonly number[];
  readonly embedder: 'local' | 'endpoint' | 'auto';
}

/** Under a minute: says that everything is measured, not how fast it is. */
export const QUICK = { sizes: [400], users: [10], rate: 40, seconds: 1 } as const;

/** Measures every size with every number of users that is not larger. */
export async function runBench(plan: BenchPlan): Promise<BenchReport> {
  const load = loadavg()[0] ?? 0;
  const embedder = await chooseEmbedder(plan.embedder);
  const cells: CellReport[] = [];
  try {
    for (const memories of plan.sizes) {
      for (const users of plan.users.filter((count) => count <= memories)) {
        plan.say(`${memories} memories, ${users} users`);
        cells.push(await measureCell({ ...plan, memories, users, embedder }));
      }
    }
  } finally {
    await embedder.close();
  }
  const machine = `${availableParallelism()} cores, Node ${process.versions.node}, load of ${load.toFixed(1)} from others at the start`;
  return { embedder: embedder.words, rate: plan.rate, seconds: plan.seconds, machine, cells };
}
