import { setTimeout as sleep } from 'node:timers/promises';
import { pick, randomFrom } from '../trials/random.ts';
import type { Connection } from './connection.ts';
import { userName } from './fill-folder.ts';
import { type LoadFigures, newHistogram, openLoop, percentilesOf, record } from './open-loop.ts';
import { type ProcessFigures, processFigures } from './process-figures.ts';
import { settle } from './readiness.ts';
import { question, saying } from './sayings.ts';

/** What is on the server, and how it is asked. */
export interface OperationsPlan {
  readonly memories: number;
  readonly users: number;
  readonly rate: number;
  readonly seconds: number;
  readonly seed: number;
  /** Only operations whose names begin so; empty: all. */
  readonly only: readonly string[];
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

/** Questions whose embeddings the server is given time to keep. */
const KNOWN_QUESTIONS = 100;
const EMBEDDING_SAMPLES = 40;
/** Adding and asking until it is found: few at a time, so that one does not wait for another. */
const RECALLABLE_RATE = 5;
const POLL_MS = 5;
const MEGABYTE = 1024 * 1024;

/** The operations on one running server. */
export class Operations {
  private readonly plan: OperationsPlan;
  private readonly origin: string;
  private readonly connection: Connection;
  private readonly keep: (figures: OperationFigures) => void;
  private readonly random: () => number;
  private readonly knownQuestions: readonly string[];
  /** Unlike any other run on the same folder, so that what is added is new. */
  private readonly run = Date.now().toString(36);
  private number = 0;

  constructor(plan: OperationsPlan, origin: string, connection: Connection, keep: (figures: OperationFigures) => void) {
    this.plan = plan;
    this.origin = origin;
    this.connection = connection;
    this.keep = keep;
    this.random = randomFrom(plan.seed + 7);
    this.knownQuestions = Array.from({ length: KNOWN_QUESTIONS }, () => question(this.random));
  }

  /** What embedding a query takes of a search, one at a time: a new one, and one asked before. */
  async embedding(): Promise<void> {
    if (!this.isWanted('query embedding')) return;
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
      for (const until = performance.now() + 30_000; performance.now() < until;) {
        const found = await this.connection.post('/search/memory', { user_id: user, query: `Where is my parcel ${mark}?` });
        if (found.text.includes(mark)) return true;
        await sleep(POLL_MS);
      }
      return false;
    });
  }

  private async measure(operation: string, rate: number, send: () => Promise<boolean>): Promise<void> {
    const { plan, connection, origin } = this;
    if (!this.isWanted(operation)) return;
    await settle(origin);
    const before = await processFigures(connection);
    let sent = 0;
    const counted = (): Promise<boolean> => {
      sent += 1;
      return send();
    };
    const load = await openLoop({ rate, seconds: plan.seconds, warmUpSeconds: plan.seconds / 5, random: this.random, send: counted });
    const after = await processFigures(connection);
    // What the requests left to do in the background is part of their cost.
    await settle(origin);
    const { cpuSeconds } = await processFigures(connection);
    this.keep({ ...load, memories: plan.memories, users: plan.users, operation, ...differenceOf(before, { ...after, cpuSeconds }, sent) });
  }

  private isWanted(operation: string): boolean {
    const { only } = this.plan;
    return only.length === 0 || only.some((beginning) => operation.startsWith(beginning));
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
