import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cluster } from '../deployment/cluster.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { BenchCluster } from './bench-cluster-processes.ts';
import type { BenchModel } from './bench-model.ts';
import { askOpenSearch, indexFigures } from './bench-stores.ts';
import type { CellReport } from './cell.ts';
import { Connection } from './connection.ts';
import type { EmbedderChoice } from './embedder-choice.ts';
import { fillDatabase } from './fill-database.ts';
import type { Filled } from './fill-records.ts';
import { type OperationFigures, Operations, type OperationsPlan } from './operations.ts';
import { settle } from './readiness.ts';
import type { IndexFigures } from './served.ts';

export interface ClusterCellPlan extends OperationsPlan {
  readonly embedder: EmbedderChoice;
  readonly model: BenchModel;
  readonly replicas: { readonly recall: number; readonly generation: number; readonly worker: number };
  readonly shards: number;
  /** Sent before anything is measured. */
  readonly warmUpRequests: number;
  /** Filled stores are kept under this folder's names and used again; null: removed. */
  readonly keepIn: string | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

const INDEX_TIMEOUT_MS = 60 * 60_000;
const INDEX_LOOK_MS = 1_000;
const MERGE_TIMEOUT_MS = 180_000;
const PREFIX = '/api/openmem/v1';

/** Fills a new database, serves it by a cluster, waits until the index holds it all, and measures each operation. */
export async function measureClusterCell(plan: ClusterCellPlan): Promise<CellReport> {
  const folder = await folderOf(plan);
  const deployment = await cluster(folder);
  try {
    const filled = await fill(plan, folder, deployment);
    const processes = await BenchCluster.prepare(folder, environmentOf(plan, deployment), { gateway: 1, ...plan.replicas });
    try {
      return await measure(plan, filled, processes, deployment);
    } finally {
      await processes.close();
    }
  } finally {
    if (plan.keepIn === null) {
      await deployment.remove();
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function folderOf({ keepIn, memories, users, embedder, shards }: ClusterCellPlan): Promise<string> {
  if (keepIn === null) return mkdtemp(join(tmpdir(), 'continuo-bench-'));
  const folder = join(keepIn, `${memories}-${users}-${embedder.name}-${shards}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

async function fill(plan: ClusterCellPlan, folder: string, { environment }: Deployment): Promise<Filled> {
  const isFilled = join(folder, 'filled');
  if (existsSync(isFilled)) return { messages: 0, memories: plan.memories, seconds: 0 };
  const { memories, users, seed, embedder } = plan;
  const filled = await fillDatabase(environment['CONTINUO_RECORDS_URL'] ?? '', { memories, users, seed, model: embedder.model });
  await writeFile(isFilled, '');
  plan.say(`  filled ${filled.memories} memories and ${filled.messages} messages in ${filled.seconds.toFixed(1)} s`);
  return filled;
}

const environmentOf = (plan: ClusterCellPlan, deployment: Deployment): Readonly<Record<string, string>> => ({
  ...deployment.environment,
  ...plan.embedder.environment,
  ...plan.model.environment,
  CONTINUO_INDEX_SHARDS: String(plan.shards),
  ...plan.environment,
});

async function measure(plan: ClusterCellPlan, filled: Filled, processes: BenchCluster, deployment: Deployment): Promise<CellReport> {
  const began = performance.now();
  await processes.start('gateway', 'recall', 'generation', 'worker');
  const documents = await settle(processes.origin, { timeoutMs: INDEX_TIMEOUT_MS, everyMs: Math.min(INDEX_LOOK_MS, plan.memories) });
  await mergesEnd(deployment);
  const indexSeconds = (performance.now() - began) / 1_000;
  plan.say(`  serving: ${documents} documents, ready after ${indexSeconds.toFixed(1)} s`);
  const connection = new Connection(`${processes.origin}${PREFIX}`, processes.key);
  const figures: OperationFigures[] = [];
  const keep = (each: OperationFigures): void => {
    figures.push(each);
    plan.say(`  ${each.operation.padEnd(28)} ${threeOf(each)} ms, ${each.errors} errors`);
  };
  try {
    const index = (): Promise<IndexFigures> => indexFigures(indexNameOf(deployment));
    const served = { origin: processes.origin, connection, model: plan.model, figures: () => processes.figures(), index };
    const operations = new Operations(plan, served, keep);
    await operations.warmUp(plan.warmUpRequests);
    const generatorCpuShare = await cpuShareOf(() => runAll(operations));
    const { memories, users } = plan;
    return {
      memories,
      users,
      messages: filled.messages,
      documents,
      fillSeconds: filled.seconds,
      indexSeconds,
      generatorCpuShare,
      operations: figures,
    };
  } finally {
    connection.close();
  }
}

async function runAll(operations: Operations): Promise<void> {
  await operations.embedding();
  await operations.search('search, cached query');
  await operations.search('search, new query');
  await operations.chat('chat without the model');
  await operations.add('add');
  await operations.mix();
  await operations.recallable('write to recallable');
  await operations.indexed('write to memory in the index');
}

async function cpuShareOf(work: () => Promise<void>): Promise<number> {
  const [cpu, from] = [process.cpuUsage(), performance.now()];
  await work();
  const used = process.cpuUsage(cpu);
  return (used.user + used.system) / 1_000 / (performance.now() - from);
}

const threeOf = ({ p50Ms, p95Ms, p99Ms }: OperationFigures): string => [p50Ms, p95Ms, p99Ms].map((value) => value.toFixed(1)).join(' / ');

const indexNameOf = ({ environment }: Deployment): string => `${environment['CONTINUO_INDEX_NAME'] ?? ''}-`;

interface IndexStatistics {
  readonly _all: { readonly total: { readonly merges?: { readonly current: number } } };
}

/** What was indexed at once is being merged for a while: that is not how an index that people use behaves. */
async function mergesEnd(deployment: Deployment): Promise<void> {
  for (const until = Date.now() + MERGE_TIMEOUT_MS; Date.now() < until; await sleep(INDEX_LOOK_MS)) {
    const { _all: all } = (await askOpenSearch(`/${indexNameOf(deployment)}*/_stats/merge`)) as IndexStatistics;
    if ((all.total.merges?.current ?? 0) === 0) return;
  }
}
