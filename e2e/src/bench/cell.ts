import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { System } from '../system.ts';
import { Connection } from './connection.ts';
import type { EmbedderChoice } from './embedder-choice.ts';
import { fillFolder } from './fill-folder.ts';
import { type OperationFigures, Operations, type OperationsPlan } from './operations.ts';
import { settle } from './readiness.ts';
import { standaloneServed } from './served.ts';

export interface CellPlan extends OperationsPlan {
  readonly embedder: EmbedderChoice;
  /** Filled folders are kept here and used again; null: made in the system's folder for temporary files and removed. */
  readonly keepIn: string | null;
  /** Extra settings of the server, for example to profile it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

export interface CellReport {
  readonly memories: number;
  readonly users: number;
  readonly messages: number;
  /** Documents the index holds: memories and messages. */
  readonly documents: number;
  readonly fillSeconds: number;
  readonly indexSeconds: number;
  /** Share of the generator's process in one core while it sent. */
  readonly generatorCpuShare: number;
  readonly operations: readonly OperationFigures[];
}

/** Fills a folder, serves it by words alone and then with the embedder, and measures each operation. */
export async function measureCell(plan: CellPlan): Promise<CellReport> {
  const folder = await folderOf(plan);
  try {
    const filled = await fill(plan, folder);
    const bench = new Cell(plan);
    const indexing = await bench.serve(folder, plan.embedder.wordsAlone, async (operations) => {
      await operations.search('search, words alone');
      await operations.add('add, words alone');
    });
    await bench.serve(folder, plan.embedder.environment, async (operations) => {
      await operations.embedding();
      await operations.search('search, cached query');
      await operations.search('search, new query');
      await operations.chat('chat, no model');
      await operations.add('add');
      await operations.mix();
      await operations.recallable('write to recallable');
    });
    return {
      memories: plan.memories,
      users: plan.users,
      messages: filled.messages,
      documents: indexing.documents,
      fillSeconds: filled.seconds,
      indexSeconds: indexing.seconds,
      generatorCpuShare: bench.generatorCpuShare(),
      operations: bench.figures,
    };
  } finally {
    if (plan.keepIn === null) await rm(folder, { recursive: true, force: true });
  }
}

async function folderOf({ keepIn, memories, users, embedder }: CellPlan): Promise<string> {
  if (keepIn === null) return mkdtemp(join(tmpdir(), 'continuo-bench-'));
  const folder = join(keepIn, `${memories}-${users}-${embedder.name}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

async function fill(plan: CellPlan, folder: string): Promise<{ readonly messages: number; readonly seconds: number }> {
  if (existsSync(join(folder, 'records.db'))) return { messages: 0, seconds: 0 };
  const { memories, users, seed } = plan;
  const filled = await fillFolder({ dataDirectory: folder, memories, users, seed, model: plan.embedder.model });
  plan.say(`  filled ${filled.memories} memories and ${filled.messages} messages in ${filled.seconds.toFixed(1)} s`);
  return filled;
}

class Cell {
  readonly figures: OperationFigures[] = [];
  private readonly plan: CellPlan;
  private cpuMicroseconds = 0;
  private sendingMs = 0;

  constructor(plan: CellPlan) {
    this.plan = plan;
  }

  generatorCpuShare(): number {
    return this.sendingMs === 0 ? 0 : this.cpuMicroseconds / 1_000 / this.sendingMs;
  }

  /** Starts the server on the folder, waits until its index holds everything, and ends it after the work. */
  async serve(
    folder: string,
    environment: Readonly<Record<string, string>>,
    work: (operations: Operations) => Promise<void>,
  ): Promise<{ readonly documents: number; readonly seconds: number }> {
    const began = performance.now();
    const system = await System.start({ dataDirectory: folder, environment: { ...environment, ...this.plan.environment } });
    const connection = new Connection(system.base, system.key);
    try {
      const documents = await settle(system.origin);
      const seconds = (performance.now() - began) / 1_000;
      this.plan.say(`  serving: ${documents} documents, ready after ${seconds.toFixed(1)} s`);
      const operations = new Operations(this.plan, standaloneServed(system.origin, connection), (figures) => this.keep(figures));
      const cpu = process.cpuUsage();
      const sendingFrom = performance.now();
      await work(operations);
      const used = process.cpuUsage(cpu);
      this.cpuMicroseconds += used.user + used.system;
      this.sendingMs += performance.now() - sendingFrom;
      return { documents, seconds };
    } finally {
      connection.close();
      await system.close();
    }
  }

  private keep(figures: OperationFigures): void {
    this.figures.push(figures);
    const { operation, p50Ms, p95Ms, p99Ms, errors } = figures;
    this.plan.say(`  ${operation.padEnd(24)} ${[p50Ms, p95Ms, p99Ms].map((value) => value.toFixed(1)).join(' / ')} ms, ${errors} errors`);
  }
}
