import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cluster } from '../deployment/cluster.ts';
import { BenchCluster } from './bench-cluster-processes.ts';
import { BenchModel } from './bench-model.ts';
import { Connection } from './connection.ts';
import { type Added, addOfMany, addOfOne, committedAt, isMined } from './worker-inbox.ts';

export interface WorkerRowPlan {
  readonly processes: number;
  /** `WORKER_CONCURRENCY` of each. */
  readonly lanes: number;
  /** One subject: its messages arrive while the workers run. More: everything waits before they start. */
  readonly subjects: number;
  /** Of one subject. */
  readonly messagesOfOne: number;
  /** What the model takes for each call. */
  readonly modelMs: number;
  /** A row that is not done by then is told by what it did. */
  readonly seconds: number;
}

export interface WorkerRow {
  readonly processes: number;
  readonly lanes: number;
  readonly subjects: number;
  readonly messages: number;
  /** Whose memories were written in time. */
  readonly mined: number;
  readonly messagesPerSecond: number;
  /** What the model would allow if everything else took no time. */
  readonly boundPerSecond: number;
  /** From the first call of the model to the last write; null: there was something left. */
  readonly drainedSeconds: number | null;
  readonly modelCalls: number;
  readonly mostCallsInFlight: number;
  /** From its add, or the start of the workers where that came later, until its memory was written. */
  readonly inboxP95Seconds: number;
  readonly machineBusyShare: number;
  /** Of one core, per worker. */
  readonly workerCpuShare: number;
  /** Whether the model read each message once, and in the order in which its subject said them. */
  readonly inOrder: boolean;
}

const PREFIX = '/api/openmem/v1';
const LOOK_MS = 100;
/** Recall and the index are asked for every message that is mined, and both are slow at first. */
const WARM_UP_SEARCHES = 50;
const PER_SECOND_OF_ONE = 50;

/** One row on a new cluster of its own, whose workers start last. */
export async function measureWorkerRow(plan: WorkerRowPlan): Promise<WorkerRow> {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-bench-'));
  const [deployment, model] = [await cluster(folder), await BenchModel.start(plan.modelMs)];
  try {
    const environment = { ...deployment.environment, ...model.environment, WORKER_CONCURRENCY: String(plan.lanes) };
    const processes = await BenchCluster.prepare(folder, environment, { gateway: 1, recall: 1, generation: 1, worker: plan.processes });
    const connection = new Connection(`${processes.origin}${PREFIX}`, processes.key);
    try {
      await processes.start('gateway', 'recall', 'generation');
      return await new RowRun(plan, processes, connection, model).measure();
    } finally {
      connection.close();
      await processes.close();
    }
  } finally {
    await model.close();
    await deployment.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

class RowRun {
  private readonly plan: WorkerRowPlan;
  private readonly processes: BenchCluster;
  private readonly connection: Connection;
  private readonly model: BenchModel;

  constructor(plan: WorkerRowPlan, processes: BenchCluster, connection: Connection, model: BenchModel) {
    this.plan = plan;
    this.processes = processes;
    this.connection = connection;
    this.model = model;
  }

  async measure(): Promise<WorkerRow> {
    const isOne = this.plan.subjects === 1;
    for (let search = 0; search < WARM_UP_SEARCHES; search += 1)
      await this.connection.post('/search/memory', { user_id: 'nobody', query: `Where is parcel number ${search}?` });
    const waiting = isOne ? [] : await addOfMany(this.connection, this.plan.subjects);
    await this.processes.start('worker');
    const [readyAt, busy, cpu] = [Date.now(), busyOfMachine(), await this.workerCpuSeconds()];
    const until = performance.now() + this.plan.seconds * 1_000;
    const added = isOne ? await addOfOne(this.connection, this.plan.messagesOfOne, PER_SECOND_OF_ONE) : waiting;
    await this.untilDone(added, until);
    const endedAt = Date.now();
    const machineBusyShare = busy();
    const workerCpuShare = ((await this.workerCpuSeconds()) - cpu) / ((endedAt - readyAt) / 1_000) / this.plan.processes;
    const users = new Map(added.map(({ mark, user }) => [mark, user]));
    const read = new Set(this.model.calls.flatMap(({ marks }) => marks.flatMap((mark) => users.get(mark) ?? [])));
    const committed = isOne ? this.answered() : await committedAt(this.connection, [...read]);
    const times = new Map([...committed].filter(([, at]) => at <= endedAt));
    return { ...this.figures(added, times, { readyAt, endedAt }), machineBusyShare, workerCpuShare };
  }

  private figures(
    added: readonly Added[],
    times: ReadonlyMap<number, number>,
    { readyAt, endedAt }: { readonly readyAt: number; readonly endedAt: number },
  ): Omit<WorkerRow, 'machineBusyShare' | 'workerCpuShare'> {
    const { processes, lanes, subjects, modelMs } = this.plan;
    const { calls, mostInFlight } = this.model;
    const startedAt = epochOf(Math.min(...calls.map(({ arrivedAt }) => arrivedAt)));
    const sorted = [...times.values()].sort((left, right) => left - right);
    const isDrained = times.size === added.length;
    const lastAt = isDrained ? (sorted.at(-1) ?? endedAt) : endedAt;
    // Workers do not start at the same moment: only what came after both were there is a rate of both.
    const after = sorted.filter((at) => at > readyAt).length;
    const waits = added.flatMap(({ mark, at }) => (times.has(mark) ? [(times.get(mark) ?? 0) - Math.max(at, startedAt)] : []));
    const messagesPerCall = added.length / subjects;
    return {
      processes,
      lanes,
      subjects,
      messages: added.length,
      mined: times.size,
      messagesPerSecond: after / Math.max(0.001, (lastAt - Math.max(readyAt, startedAt)) / 1_000),
      boundPerSecond: subjects === 1 ? PER_SECOND_OF_ONE : (processes * lanes * messagesPerCall * 1_000) / modelMs,
      drainedSeconds: isDrained ? (lastAt - startedAt) / 1_000 : null,
      modelCalls: calls.length,
      mostCallsInFlight: mostInFlight,
      inboxP95Seconds: percentile(waits, 0.95) / 1_000,
      inOrder: this.isInOrder(added),
    };
  }

  /** Lanes end in any order, so that every task is asked for; of one subject the last stands for all. */
  private async untilDone(added: readonly Added[], until: number): Promise<void> {
    const taskIds = [...new Set(added.map(({ taskId }) => taskId))];
    const unmined = this.plan.subjects === 1 ? taskIds.slice(-1) : taskIds;
    for (; performance.now() < until; await sleep(LOOK_MS)) {
      if (this.answered().size < added.length) continue;
      for (let taskId = unmined.at(-1); taskId !== undefined && (await isMined(this.connection, taskId)); taskId = unmined.at(-1))
        unmined.pop();
      if (unmined.length === 0) return;
    }
  }

  /** When the model had read each message. */
  private answered(): ReadonlyMap<number, number> {
    return new Map(
      this.model.calls.flatMap(({ marks, answeredAt }) =>
        answeredAt === null ? [] : marks.map((mark) => [mark, epochOf(answeredAt)] as const),
      ),
    );
  }

  private isInOrder(added: readonly Added[]): boolean {
    const users = new Map(added.map(({ mark, user }) => [mark, user]));
    const lastOf = new Map<string, number>();
    for (const mark of this.model.calls.flatMap(({ marks }) => marks)) {
      const user = users.get(mark) ?? '';
      if (mark <= (lastOf.get(user) ?? 0)) return false;
      lastOf.set(user, mark);
    }
    return true;
  }

  private async workerCpuSeconds(): Promise<number> {
    const figures = await this.processes.figures();
    return figures.filter(({ process }) => process.startsWith('worker')).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  }
}

const epochOf = (moment: number): number => performance.timeOrigin + moment;

/** Share of all cores that were busy since. */
function busyOfMachine(): () => number {
  const read = (): { readonly idleMs: number; readonly allMs: number } => {
    const times = cpus().map((cpu) => cpu.times);
    const idleMs = times.reduce((sum, { idle }) => sum + idle, 0);
    return { idleMs, allMs: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idleMs) };
  };
  const before = read();
  return () => {
    const after = read();
    return 1 - (after.idleMs - before.idleMs) / Math.max(1, after.allMs - before.allMs);
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
