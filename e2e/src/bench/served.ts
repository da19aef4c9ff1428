import { cpus } from 'node:os';
import type { BenchModel } from './bench-model.ts';
import type { Connection } from './connection.ts';
import { type ProcessFigures, processFigures, togetherOf } from './process-figures.ts';

/** What answers the operations. */
export interface Served {
  readonly origin: string;
  readonly connection: Connection;
  /** What answers its chats; null: none does. */
  readonly model: BenchModel | null;
  /** Of each of its processes. */
  figures(): Promise<readonly NamedFigures[]>;
  /** Of the index when it is a server of its own; null: it is not. */
  index(): Promise<IndexFigures> | null;
}

/** What the server of the index has done so far. */
export interface IndexFigures {
  /** Of the whole server, whoever used it. */
  readonly cpuSeconds: number;
  /** Of our index alone; one search of ours is several of them. */
  readonly queries: number;
  readonly queryMs: number;
  readonly fetchMs: number;
}

export interface NamedFigures extends ProcessFigures {
  readonly process: string;
}

/** What one process did during an operation. */
export interface ProcessShare {
  readonly process: string;
  /** Of one core. */
  readonly cpuShare: number;
  readonly residentMegabytes: number;
  readonly eventLoopP99Ms: number;
}

/** What the server of the index did during an operation. */
export interface IndexShare {
  /** Of one core. */
  readonly cpuShare: number;
  readonly queries: number;
  /** Of one query, on average; the fetch comes on top. */
  readonly queryMs: number;
  readonly fetchMs: number;
}

const MEGABYTE = 1024 * 1024;

/** The standalone server: one process with everything. */
export const standaloneServed = (origin: string, connection: Connection): Served => ({
  origin,
  connection,
  model: null,
  figures: async () => [{ process: 'server', ...processFigures((await connection.get('/metrics')).text) }],
  index: () => null,
});

/** What the processes had done at one moment. */
interface Look {
  readonly at: number;
  readonly processes: readonly NamedFigures[];
  readonly index: IndexFigures | null;
  readonly machine: { readonly busyMs: number; readonly allMs: number };
}

/** The cost of what happens between two looks. */
export class CostOf {
  private readonly served: Served;
  private readonly before: Look;

  private constructor(served: Served, before: Look) {
    this.served = served;
    this.before = before;
  }

  static async begin(served: Served): Promise<CostOf> {
    return new CostOf(served, await lookAt(served));
  }

  /** The work is done, what it left behind maybe not. */
  async end() {
    const { served, before } = this;
    const after = await lookAt(served);
    const together = togetherOf(after.processes);
    return {
      eventLoopP99Ms: together.eventLoopP99Ms,
      residentMegabytes: together.residentBytes / MEGABYTE,
      withoutVectors: together.recallsWithoutVectors - togetherOf(before.processes).recallsWithoutVectors,
      machineBusyShare: (after.machine.busyMs - before.machine.busyMs) / (after.machine.allMs - before.machine.allMs),
      processes: after.processes.map((each, place) => shareOf(before.processes[place], each, after.at - before.at)),
      index: indexShareOf(before, after),
    };
  }

  /** What is spent so far, in seconds of a core. */
  async cpuSeconds(): Promise<number> {
    const now = await this.served.figures();
    return togetherOf(now).cpuSeconds - togetherOf(this.before.processes).cpuSeconds;
  }
}

async function lookAt(served: Served): Promise<Look> {
  const [processes, index] = await Promise.all([served.figures(), served.index()]);
  const times = cpus().map((cpu) => cpu.times);
  const allMs = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { at: performance.now(), processes, index, machine: { busyMs: allMs - times.reduce((sum, { idle }) => sum + idle, 0), allMs } };
}

const shareOf = (before: NamedFigures | undefined, after: NamedFigures, durationMs: number): ProcessShare => ({
  process: after.process,
  cpuShare: (after.cpuSeconds - (before?.cpuSeconds ?? 0)) / (durationMs / 1_000),
  residentMegabytes: after.residentBytes / MEGABYTE,
  eventLoopP99Ms: after.eventLoopP99Ms,
});

function indexShareOf({ at: from, index: before }: Look, { at: to, index: after }: Look): IndexShare | null {
  if (before === null || after === null) return null;
  const queries = Math.max(1, after.queries - before.queries);
  return {
    cpuShare: (after.cpuSeconds - before.cpuSeconds) / ((to - from) / 1_000),
    queries: after.queries - before.queries,
    queryMs: (after.queryMs - before.queryMs) / queries,
    fetchMs: (after.fetchMs - before.fetchMs) / queries,
  };
}
