import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pick, randomFrom } from '../trials/random.ts';
import { System } from '../system.ts';
import { Connection } from './connection.ts';
import { type EmbedderChoice, WORDS_ALONE } from './embedder-choice.ts';
import { fillFolder, userName } from './fill-folder.ts';
import { type LoadFigures, newHistogram, openLoop, percentilesOf, record } from './open-loop.ts';
import { type ProcessFigures, processFigures } from './process-figures.ts';
import { question, saying } from './sayings.ts';

export interface CellPlan {
  readonly memories: number;
  readonly users: number;
  readonly rate: number;
  readonly seconds: number;
  readonly seed: number;
  readonly embedder: EmbedderChoice;
  /** Only these operations; empty: all. */
  readonly only: readonly string[];
  /** Filled folders are kept here and used again; null: made in the system's folder for temporary files and removed. */
  readonly keepIn: string | null;
  /** Extra settings of the server, for example to profile it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

/** One operation in one cell. Missing: the operation has no such figure. */
export interface OperationFigures extends LoadFigures {
  readonly memories: number;
  readonly users: number;
  readonly operation: string;
  readonly cpuMicrosecondsPerRequest: number | null;
  readonly eventLoopP99Ms: number | null;
  readonly residentMegabytes: number | null;
  /** Searches whose query was not embedded in time and that went on by words. */
  readonly withoutVectors: number | null;
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

/** Questions whose embeddings the server is given time to keep. */
const KNOWN_QUESTIONS = 200;
const EMBEDDING_SAMPLES = 60;
/** Adding and asking until it is found: few at a time, so that one does not wait for another. */
const RECALLABLE_RATE = 5;
const POLL_MS = 5;
const MEGABYTE = 1024 * 1024;

/** Fills a folder, serves it by words alone and then with the embedder, and measures each operation. */
export async function measureCell(plan: CellPlan): Promise<CellReport> {
  const folder = await folderOf(plan);
  try {
    const filled = await fill(plan, folder);
    const bench = new Cell(plan);
    const indexing = await bench.serve(folder, WORDS_ALONE, async (operations) => {
      await operations.search('search, words alone');
      await operations.add('add, words alone');
    });
    await bench.serve(folder, plan.embedder.environment, async (operations) => {
      await operations.embedding();
      await operations.search('search, cached query');
      await operations.search('search, new query');
      await operations.chat();
      await operations.add('add');
      await operations.mix();
      await operations.recallable();
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
      const documents = await settle(connection);
      const seconds = (performance.now() - began) / 1_000;
      this.plan.say(`  serving: ${documents} documents, ready after ${seconds.toFixed(1)} s`);
      const operations = new Operations(this.plan, connection, (figures) => this.keep(figures));
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

/** The operations on one running server. */
class Operations {
  private readonly plan: CellPlan;
  private readonly connection: Connection;
  private readonly keep: (figures: OperationFigures) => void;
  private readonly random: () => number;
  private readonly knownQuestions: readonly string[];
  /** Unlike any other run on the same folder, so that what is added is new. */
  private readonly run = Date.now().toString(36);
  private number = 0;

  constructor(plan: CellPlan, connection: Connection, keep: (figures: OperationFigures) => void) {
    this.plan = plan;
    this.connection = connection;
    this.keep = keep;
    this.random = randomFrom(plan.seed + 7);
    this.knownQuestions = Array.from({ length: KNOWN_QUESTIONS }, () => question(this.random));
  }

  /** What embedding a query takes of a search, one at a time: a new one, and one asked before. */
  async embedding(): Promise<void> {
    const known = this.knownQuestions;
    for (const query of known) await this.embedMs(query);
    const samples = { new: newHistogram(), known: newHistogram() };
    for (let sample = 0; sample < EMBEDDING_SAMPLES; sample += 1) {
      record(samples.new, await this.embedMs(this.newQuestion()));
      record(samples.known, await this.embedMs(pick(this.random, known)));
    }
    this.keep({ ...this.sequential('query embedding, new'), ...percentilesOf(samples.new) });
    this.keep({ ...this.sequential('query embedding, cached'), ...percentilesOf(samples.known) });
  }

  async search(operation: string): Promise<void> {
    const isNew = operation.endsWith('new query');
    await this.measure(operation, this.plan.rate, () => this.ask(isNew ? this.newQuestion() : pick(this.random, this.knownQuestions)));
  }

  async add(operation: string): Promise<void> {
    await this.measure(operation, this.plan.rate, () => this.addTurn());
  }

  async chat(): Promise<void> {
    await this.measure('chat, no model', this.plan.rate, async () => {
      const { status } = await this.connection.post('/chat', {
        user_id: this.anyUser(),
        conversation_id: this.newName('chat'),
        query: pick(this.random, this.knownQuestions),
      });
      return status === 200;
    });
  }

  /** Nine searches, cached, to one add. */
  async mix(): Promise<void> {
    await this.measure('90 search / 10 add', this.plan.rate, () =>
      this.random() < 0.1 ? this.addTurn() : this.ask(pick(this.random, this.knownQuestions)),
    );
  }

  /** From sending an add until a search returns it. */
  async recallable(): Promise<void> {
    await this.measure('write to recallable', Math.min(this.plan.rate, RECALLABLE_RATE), async () => {
      const [user, mark] = [this.anyUser(), this.newName('parcel')];
      const added = await this.connection.post('/add/message', {
        user_id: user,
        conversation_id: this.newName('talk'),
        messages: [{ role: 'user', content: `My parcel ${mark} is at the post office in Porto.` }],
      });
      if (added.status !== 200) return false;
      for (const until = performance.now() + 30_000; performance.now() < until; ) {
        const found = await this.connection.post('/search/memory', { user_id: user, query: `Where is my parcel ${mark}?` });
        if (found.text.includes(mark)) return true;
        await sleep(POLL_MS);
      }
      return false;
    });
  }

  private async measure(operation: string, rate: number, send: () => Promise<boolean>): Promise<void> {
    const { plan, connection } = this;
    if (plan.only.length > 0 && !plan.only.some((wanted) => operation.startsWith(wanted))) return;
    await settle(connection);
    const before = await processFigures(connection);
    let sent = 0;
    const counted = (): Promise<boolean> => {
      sent += 1;
      return send();
    };
    const load = await openLoop({ rate, seconds: plan.seconds, warmUpSeconds: plan.seconds / 5, random: this.random, send: counted });
    const after = await processFigures(connection);
    this.keep({ ...load, memories: plan.memories, users: plan.users, operation, ...differenceOf(before, after, sent) });
  }

  private sequential(operation: string): OperationFigures {
    const { memories, users } = this.plan;
    const nothing = { cpuMicrosecondsPerRequest: null, eventLoopP99Ms: null, residentMegabytes: null, withoutVectors: null };
    const load = { offeredPerSecond: Number.NaN, achievedPerSecond: Number.NaN, requests: EMBEDDING_SAMPLES, errors: 0 };
    return { memories, users, operation, ...load, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0, ...nothing };
  }

  private async embedMs(query: string): Promise<number> {
    const { text } = await this.connection.post('/search/memory', { user_id: this.anyUser(), query }, { 'x-continuo-debug': 'explain' });
    const { data } = JSON.parse(text) as { data: { debug: { timings: { embed_ms: number } } } };
    return data.debug.timings.embed_ms;
  }

  private async ask(query: string): Promise<boolean> {
    const { status } = await this.connection.post('/search/memory', { user_id: this.anyUser(), query });
    return status === 200;
  }

  private async addTurn(): Promise<boolean> {
    const { text } = saying(this.random, (this.number += 1));
    const { status } = await this.connection.post('/add/message', {
      user_id: this.anyUser(),
      conversation_id: this.newName('talk'),
      messages: [
        { role: 'user', content: `${text} (${this.newName('note')})` },
        { role: 'assistant', content: 'Noted. Is there anything else you would like me to keep in mind?' },
      ],
    });
    return status === 200;
  }

  private newQuestion(): string {
    return `${question(this.random)} (${this.newName('question')})`;
  }

  private newName(kind: string): string {
    return `${kind}${this.run}n${(this.number += 1)}`;
  }

  private anyUser(): string {
    return userName(Math.floor(this.random() * this.plan.users));
  }
}

function differenceOf(before: ProcessFigures, after: ProcessFigures, requests: number) {
  return {
    cpuMicrosecondsPerRequest: ((after.cpuSeconds - before.cpuSeconds) * 1_000_000) / Math.max(1, requests),
    eventLoopP99Ms: after.eventLoopP99Ms,
    residentMegabytes: after.residentBytes / MEGABYTE,
    withoutVectors: after.recallsWithoutVectors - before.recallsWithoutVectors,
  };
}

const SETTLE_TIMEOUT_MS = 15 * 60_000;

/** Waits until nothing waits for the index and no vector is missing. Returns how many documents the index holds. */
async function settle(connection: Connection): Promise<number> {
  for (const until = Date.now() + SETTLE_TIMEOUT_MS; Date.now() < until; await sleep(100)) {
    const { parts } = JSON.parse((await connection.get('/readyz')).text) as { parts: readonly { name: string; state: string; words: string }[] };
    const index = parts.find(({ name }) => name === 'index');
    const embeddings = parts.find(({ name }) => name === 'embeddings');
    const [, documents, waiting] = /(\d+) documents, (\d+) waiting/.exec(index?.words ?? '') ?? [];
    const isFilling = embeddings?.words.includes('filling') === true || embeddings?.words.includes('until the model is here') === true;
    if (waiting === '0' && !isFilling) return Number(documents);
  }
  throw new Error('the index did not catch up');
}
