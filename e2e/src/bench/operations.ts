import { pick, randomFrom } from '../trials/random.ts';
import { userName } from './fill-records.ts';
import { type LoadFigures, newHistogram, openLoop, type Outcome, percentilesOf, record } from './open-loop.ts';
import { settle } from './readiness.ts';
import { question, saying } from './sayings.ts';
import { CostOf, type IndexShare, type ProcessShare, type Served } from './served.ts';
import { WriteToRecallable } from './write-to-recallable.ts';

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
  /** Of all processes of the server. */
  readonly cpuMicrosecondsPerRequest: number | null;
  readonly eventLoopP99Ms: number | null;
  readonly residentMegabytes: number | null;
  /** Searches whose query was not embedded in time and that went on by words. */
  readonly withoutVectors: number | null;
  /** Share of all cores that were busy, with the server, its stores, the generator and everybody else. */
  readonly machineBusyShare: number | null;
  readonly processes: readonly ProcessShare[];
  readonly index: IndexShare | null;
}

/** Questions whose embeddings the server is given time to keep. */
const KNOWN_QUESTIONS = 100;
const EMBEDDING_SAMPLES = 40;
/** Adding and asking until it is found: few at a time, so that one does not wait for another. */
const RECALLABLE_RATE = 5;
const INDEXED_RATE = 1;
const WARM_UP_AT_ONCE = 4;

/** The operations on one running server. */
export class Operations {
  private readonly plan: OperationsPlan;
  private readonly served: Served;
  private readonly keep: (figures: OperationFigures) => void;
  private readonly random: () => number;
  private readonly knownQuestions: readonly string[];
  /** Unlike any other run on the same folder, so that what is added is new. */
  private readonly run = Date.now().toString(36);
  private number = 0;

  constructor(plan: OperationsPlan, served: Served, keep: (figures: OperationFigures) => void) {
    this.plan = plan;
    this.served = served;
    this.keep = keep;
    this.random = randomFrom(plan.seed + 7);
    this.knownQuestions = Array.from({ length: KNOWN_QUESTIONS }, () => question(this.random));
  }

  /** So many searches, a chat and an add to every ten of them: a virtual machine that has just started is slow. */
  async warmUp(requests: number): Promise<void> {
    const each = async (place: number): Promise<void> => {
      if (place % 10 === 0) await Promise.all([this.answerTurn(), this.addTurn()]);
      await this.ask(place % 2 === 0 ? this.newQuestion() : pick(this.random, this.knownQuestions));
    };
    let next = 0;
    const some = async (): Promise<void> => {
      for (let place = next++; place < requests; place = next++) await each(place);
    };
    await Promise.all(Array.from({ length: WARM_UP_AT_ONCE }, some));
    await settle(this.served.origin);
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

  /** With a model: without the time that it took itself. */
  async chat(operation: string): Promise<void> {
    await this.measure(operation, this.plan.rate, () => this.answerTurn());
  }

  /** Nine searches, cached, to one add. */
  async mix(): Promise<void> {
    await this.measure('90 search / 10 add', this.plan.rate, () =>
      this.random() < 0.1 ? this.addTurn() : this.ask(pick(this.random, this.knownQuestions)),
    );
  }

  /** From sending an add until a search returns it, as anybody sees it. */
  async recallable(operation: string): Promise<void> {
    const writes = new WriteToRecallable(this.served.connection, (kind) => this.newName(kind));
    await this.measure(operation, Math.min(this.plan.rate, RECALLABLE_RATE), () => writes.untilFound(this.anyUser()));
  }

  /** From sending an add until the index returns the memory that was made of it. */
  async indexed(operation: string): Promise<void> {
    const writes = new WriteToRecallable(this.served.connection, (kind) => this.newName(kind));
    await this.measure(operation, Math.min(this.plan.rate, INDEXED_RATE), () => writes.untilIndexed(this.anyUser()));
  }

  private async measure(operation: string, rate: number, send: () => Promise<Outcome>): Promise<void> {
    const { plan, served } = this;
    if (!this.isWanted(operation)) return;
    await settle(served.origin);
    const cost = await CostOf.begin(served);
    let sent = 0;
    const counted = (): Promise<Outcome> => {
      sent += 1;
      return send();
    };
    const load = await openLoop({ rate, seconds: plan.seconds, warmUpSeconds: plan.seconds / 5, random: this.random, send: counted });
    const spent = await cost.end();
    // What the requests left to do in the background is part of their cost.
    await settle(served.origin);
    const cpuMicrosecondsPerRequest = ((await cost.cpuSeconds()) * 1_000_000) / Math.max(1, sent);
    this.keep({ ...load, memories: plan.memories, users: plan.users, operation, ...spent, cpuMicrosecondsPerRequest });
  }

  private isWanted(operation: string): boolean {
    const { only } = this.plan;
    return only.length === 0 || only.some((beginning) => operation.startsWith(beginning));
  }

  private sequential(operation: string): OperationFigures {
    const { memories, users } = this.plan;
    const nothing = {
      cpuMicrosecondsPerRequest: null,
      eventLoopP99Ms: null,
      residentMegabytes: null,
      withoutVectors: null,
      machineBusyShare: null,
    };
    const load = { offeredPerSecond: Number.NaN, achievedPerSecond: Number.NaN, requests: EMBEDDING_SAMPLES, errors: 0 };
    return { memories, users, operation, ...load, p50Ms: 0, p95Ms: 0, p99Ms: 0, maxMs: 0, ...nothing, processes: [], index: null };
  }

  private async embedMs(query: string): Promise<number> {
    const { text } = await this.served.connection.post(
      '/search/memory',
      { user_id: this.anyUser(), query },
      { 'x-continuo-debug': 'explain' },
    );
    const { data } = JSON.parse(text) as { data: { debug: { timings: { embed_ms: number } } } };
    return data.debug.timings.embed_ms;
  }

  private async ask(query: string): Promise<boolean> {
    const { status } = await this.served.connection.post('/search/memory', { user_id: this.anyUser(), query });
    return status === 200;
  }

  private async answerTurn(): Promise<Outcome> {
    const { connection, model } = this.served;
    const { status, text } = await connection.post('/chat', {
      user_id: this.anyUser(),
      conversation_id: this.newName('chat'),
      query: pick(this.random, this.knownQuestions),
    });
    if (status !== 200 || model === null) return status === 200;
    const notOursMs = model.ownMs(text);
    return notOursMs === null ? false : { notOursMs };
  }

  private async addTurn(): Promise<boolean> {
    const { text } = saying(this.random, (this.number += 1));
    const { status } = await this.served.connection.post('/add/message', {
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
