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

const MEGABYTE = 1024 * 1024;

/** The standalone server: one process with everything. */
export const standaloneServed = (origin: string, connection: Connection): Served => ({
  origin,
  connection,
  model: null,
  figures: async () => [{ process: 'server', ...processFigures((await connection.get('/metrics')).text) }],
});

/** What the processes had done at one moment. */
interface Look {
  readonly at: number;
  readonly processes: readonly NamedFigures[];
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
    };
  }

  /** What is spent so far, in seconds of a core. */
  async cpuSeconds(): Promise<number> {
    const now = await this.served.figures();
    return togetherOf(now).cpuSeconds - togetherOf(this.before.processes).cpuSeconds;
  }
}

async function lookAt(served: Served): Promise<Look> {
  const processes = await served.figures();
  const times = cpus().map((cpu) => cpu.times);
  const allMs = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { at: performance.now(), processes, machine: { busyMs: allMs - times.reduce((sum, { idle }) => sum + idle, 0), allMs } };
}

const shareOf = (before: NamedFigures | undefined, after: NamedFigures, durationMs: number): ProcessShare => ({
  process: after.process,
  cpuShare: (after.cpuSeconds - (before?.cpuSeconds ?? 0)) / (durationMs / 1_000),
  residentMegabytes: after.residentBytes / MEGABYTE,
  eventLoopP99Ms: after.eventLoopP99Ms,
});
