import { drainInbox, type JobDefinition } from '@continuo/contracts';
import type { JobQueue, JobRunner } from '@continuo/ports';

/** A queue of its own per test, so that no lane of one is seen by another. */
export interface JobQueueHarness {
  readonly name: string;
  open(): Promise<{ readonly queue: JobQueue; readonly runner: JobRunner }>;
  /** Called after `close` of the runner; releases what the harness holds. */
  dispose(): Promise<void>;
}

interface LanePayload {
  readonly project_id: string;
  readonly subject: string;
}

/** A declared job with rests short enough to wait for. */
const job: JobDefinition<LanePayload> = { ...drainInbox, attempts: 3, backoffMs: 2 };
const on = (lane: string): LanePayload => ({ project_id: 'p', subject: `user:${lane}` });
const laneOf = (payload: LanePayload): string => payload.subject.slice('user:'.length);

/** What a test holds closed until it opens it. */
class Gate {
  readonly opened: Promise<void>;
  open: () => void = () => undefined;

  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}

const aMoment = (delayMs = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

/** Fails with what was waited for instead of hanging. */
async function until(what: string, reached: () => boolean): Promise<void> {
  for (let waits = 0; waits < 5_000; waits += 1) {
    if (reached()) return;
    await aMoment();
  }
  throw new Error(`Waited in vain until ${what}.`);
}

/** What every adapter of `JobQueue` and `JobRunner` promises. */
export function describeJobQueueContract(harness: JobQueueHarness): void {
  describe(`JobQueue contract: ${harness.name}`, () => {
    let queue: JobQueue;
    let runner: JobRunner;
    let gates: Gate[];

    beforeEach(async () => {
      gates = [];
      ({ queue, runner } = await harness.open());
    });
    afterEach(async () => {
      for (const gate of gates) gate.open();
      await runner.close(1_000);
      await harness.dispose();
    });

    const aGate = (): Gate => {
      const gate = new Gate();
      gates.push(gate);
      return gate;
    };

    describeHandling();
    describeLanes();
    describeFailures();
    describeClosing();
    describeRandomLoad();

    function describeHandling(): void {
      it('hands the payload to the handler', async () => {
        const seen: LanePayload[] = [];
        runner.handle(job, async (payload) => void seen.push(payload), 1);
        await queue.enqueue(job, on('a'));
        await until('the handler ran', () => seen.length === 1);
        expect(seen).toEqual([on('a')]);
      });

      it('returns from enqueue while the work is still going on', async () => {
        const gate = aGate();
        let done = false;
        runner.handle(job, async () => gate.opened.then(() => void (done = true)), 1);
        await queue.enqueue(job, on('a'));
        expect(done).toBe(false);
        gate.open();
        await until('the work is done', () => done);
      });

      it('keeps a job that is asked for before its handler is registered', async () => {
        const seen: string[] = [];
        await queue.enqueue(job, on('early'));
        await aMoment(5);
        runner.handle(job, async (payload) => void seen.push(laneOf(payload)), 1);
        await until('the early job ran', () => seen.length === 1);
      });

      it('refuses a second handler of one job', () => {
        runner.handle(job, async () => undefined, 1);
        expect(() => runner.handle(job, async () => undefined, 1)).toThrow('handler');
      });

      it('refuses a payload that its schema does not allow', async () => {
        const seen: unknown[] = [];
        runner.handle(job, async (payload) => void seen.push(payload), 1);
        await expect(queue.enqueue(job, { project_id: 'p', subject: 'nobody' })).rejects.toThrow();
        await expect(queue.enqueue(job, { ...on('a'), text: 'no text in jobs' } as LanePayload)).rejects.toThrow();
        await aMoment(5);
        expect(seen).toEqual([]);
      });

      it('keeps the lanes of two jobs apart', async () => {
        const other: JobDefinition<LanePayload> = { ...job, queue: 'other', name: 'other-job' };
        const gate = aGate();
        const seen: string[] = [];
        runner.handle(job, async () => gate.opened, 1);
        runner.handle(other, async (payload) => void seen.push(laneOf(payload)), 1);
        await queue.enqueue(job, on('a'));
        await queue.enqueue(other, on('a'));
        await until('the other job ran', () => seen.length === 1);
      });
    }

    function describeLanes(): void {
      it('runs once for what is asked for many times while the lane waits', async () => {
        const gate = aGate();
        const seen: string[] = [];
        runner.handle(
          job,
          async (payload) => {
            seen.push(laneOf(payload));
            if (laneOf(payload) === 'first') await gate.opened;
          },
          1,
        );
        await queue.enqueue(job, on('first'));
        await until('the only place is taken', () => seen.length === 1);
        for (let times = 0; times < 10; times += 1) await queue.enqueue(job, on('second'));
        await queue.enqueue(job, on('third'));
        gate.open();
        await until('all lanes ran', () => seen.includes('third'));
        await aMoment(10);
        expect(seen).toEqual(['first', 'second', 'third']);
      });

      it('runs once more, and only once, for what is asked for while the lane runs', async () => {
        const gate = aGate();
        let runs = 0;
        let running = 0;
        let overlaps = 0;
        runner.handle(
          job,
          async () => {
            runs += 1;
            running += 1;
            if (running > 1) overlaps += 1;
            if (runs === 1) await gate.opened;
            running -= 1;
          },
          4,
        );
        await queue.enqueue(job, on('a'));
        await until('the lane runs', () => runs === 1);
        for (let times = 0; times < 10; times += 1) await queue.enqueue(job, on('a'));
        await aMoment(10);
        expect(runs).toBe(1);
        gate.open();
        await until('it ran once more', () => runs === 2);
        await aMoment(10);
        expect({ runs, overlaps }).toEqual({ runs: 2, overlaps: 0 });
      });

      it('is free again for the next enqueue when its work is done', async () => {
        let runs = 0;
        runner.handle(job, async () => void (runs += 1), 1);
        for (let times = 1; times <= 3; times += 1) {
          await queue.enqueue(job, on('a'));
          await until('it ran', () => runs === times);
          await aMoment(2);
        }
      });

      it('runs as many lanes at once as the handler allows, and no more', async () => {
        const gate = aGate();
        let running = 0;
        let most = 0;
        let ended = 0;
        runner.handle(
          job,
          async () => {
            running += 1;
            most = Math.max(most, running);
            await gate.opened;
            running -= 1;
            ended += 1;
          },
          3,
        );
        for (let lane = 0; lane < 8; lane += 1) await queue.enqueue(job, on(`${lane}`));
        await until('three lanes run', () => running === 3);
        await aMoment(10);
        gate.open();
        await until('all lanes ran', () => ended === 8);
        expect(most).toBe(3);
      });

      it('starts lanes in the order in which they were asked for', async () => {
        const seen: string[] = [];
        const lanes = Array.from({ length: 20 }, (_, index) => `${index}`);
        runner.handle(job, async (payload) => void seen.push(laneOf(payload)), 1);
        for (const lane of lanes) await queue.enqueue(job, on(lane));
        await until('all lanes ran', () => seen.length === lanes.length);
        expect(seen).toEqual(lanes);
      });
    }

    function describeFailures(): void {
      it('tries a handler that throws again, as often as the job says, and then gives up', async () => {
        let runs = 0;
        runner.handle(
          job,
          async () => {
            runs += 1;
            throw new Error('on purpose');
          },
          1,
        );
        await queue.enqueue(job, on('a'));
        await until('every attempt was made', () => runs === job.attempts);
        await aMoment(50);
        expect(runs).toBe(job.attempts);
      });

      it('treats a handler that throws before its first await like any other', async () => {
        let runs = 0;
        runner.handle(
          job,
          () => {
            runs += 1;
            if (runs === 1) throw new Error('on purpose');
            return Promise.resolve();
          },
          1,
        );
        await queue.enqueue(job, on('a'));
        await until('it was tried again', () => runs === 2);
      });

      it('makes no further attempt after one that went well', async () => {
        let runs = 0;
        runner.handle(
          job,
          async () => {
            runs += 1;
            if (runs === 1) throw new Error('on purpose');
          },
          1,
        );
        await queue.enqueue(job, on('a'));
        await until('the second attempt was made', () => runs === 2);
        await aMoment(30);
        expect(runs).toBe(2);
      });

      it('leaves a lane that failed for good free for the next enqueue, with all its attempts', async () => {
        let runs = 0;
        runner.handle(
          job,
          async () => {
            runs += 1;
            throw new Error('on purpose');
          },
          1,
        );
        await queue.enqueue(job, on('a'));
        await until('it failed for good', () => runs === job.attempts);
        await aMoment(5);
        await queue.enqueue(job, on('a'));
        await until('it was tried anew', () => runs === 2 * job.attempts);
      });

      it('runs once more, with all its attempts, when it is asked for during an attempt that is the last and fails', async () => {
        const gate = aGate();
        let runs = 0;
        let succeeded = false;
        runner.handle(
          job,
          async () => {
            runs += 1;
            if (runs === job.attempts) await gate.opened;
            if (runs < 2 * job.attempts) throw new Error('on purpose');
            succeeded = true;
          },
          1,
        );
        await queue.enqueue(job, on('a'));
        await until('the last attempt is being made', () => runs === job.attempts);
        await queue.enqueue(job, on('a'));
        gate.open();
        await until('it succeeded', () => succeeded);
        expect(runs).toBe(2 * job.attempts);
      });

      it('lets other lanes run while one rests between attempts', async () => {
        const slow: JobDefinition<LanePayload> = { ...job, backoffMs: 30_000 };
        const seen: string[] = [];
        runner.handle(
          slow,
          async (payload) => {
            seen.push(laneOf(payload));
            if (laneOf(payload) === 'failing') throw new Error('on purpose');
          },
          1,
        );
        await queue.enqueue(slow, on('failing'));
        await until('the failing lane was tried', () => seen.length === 1);
        await queue.enqueue(slow, on('other'));
        await until('the other lane ran', () => seen.includes('other'));
        expect(seen).toEqual(['failing', 'other']);
      });
    }

    function describeClosing(): void {
      it('waits for running handlers when it closes, and aborts nothing in time', async () => {
        const gate = aGate();
        const events: string[] = [];
        runner.handle(
          job,
          async (_payload, signal) => {
            events.push('started');
            await gate.opened;
            events.push(signal.aborted ? 'aborted' : 'ended');
          },
          1,
        );
        await queue.enqueue(job, on('a'));
        await until('the handler runs', () => events.length === 1);
        const closed = runner.close(30_000).then(() => events.push('closed'));
        await aMoment(10);
        gate.open();
        await closed;
        expect(events).toEqual(['started', 'ended', 'closed']);
      });

      it('aborts the signal of handlers that outlast the grace', async () => {
        const events: string[] = [];
        runner.handle(
          job,
          (_payload, signal) => {
            events.push('started');
            return new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => {
                events.push('aborted');
                reject(new Error('stopped'));
              });
            });
          },
          1,
        );
        await queue.enqueue(job, on('a'));
        await until('the handler runs', () => events.length === 1);
        await runner.close(5);
        expect(events).toEqual(['started', 'aborted']);
      });

      it('starts nothing after it was closed, neither what waits, nor what rests, nor what is asked for later', async () => {
        const gate = aGate();
        const seen: string[] = [];
        runner.handle(
          job,
          async (payload) => {
            seen.push(laneOf(payload));
            if (laneOf(payload) === 'failing') throw new Error('on purpose');
            await gate.opened;
          },
          1,
        );
        await queue.enqueue(job, on('failing'));
        await until('the failing lane was tried', () => seen.length === 1);
        await queue.enqueue(job, on('running'));
        await until('the other lane runs', () => seen.includes('running'));
        await queue.enqueue(job, on('waiting'));
        const before = [...seen];
        const closed = runner.close(30_000);
        await queue.enqueue(job, on('running'));
        await queue.enqueue(job, on('late'));
        gate.open();
        await closed;
        await aMoment(30);
        expect(seen).toEqual(before);
      });

      it('can be closed twice', async () => {
        await runner.close(10);
        await runner.close(10);
      });
    }

    function describeRandomLoad(): void {
      it('under a random load with failing handlers never overlaps a lane, leaves nothing over, and keeps each lane in order', async () => {
        const load = new RandomLoad();
        runner.handle(job, (payload) => load.handle(laneOf(payload)), 6);
        for (let asked = 0; asked < 1_500; asked += 1) {
          const lane = load.add();
          await queue.enqueue(job, on(lane));
          if (load.chance(0.05)) await aMoment();
        }
        // What failed for good is asked for again, as the sweep does.
        for (let sweeps = 0; sweeps < 200 && load.pending() > 0; sweeps += 1) {
          await aMoment(20);
          for (const lane of load.pendingLanes()) await queue.enqueue(job, on(lane));
        }
        expect({ pending: load.pending(), overlaps: load.overlaps, outOfOrder: load.outOfOrder }).toEqual({
          pending: 0,
          overlaps: 0,
          outOfOrder: 0,
        });
        expect(load.failures).toBeGreaterThan(50);
        expect(load.mostAtOnce).toBeGreaterThan(1);
        expect(load.mostAtOnce).toBeLessThanOrEqual(6);
      });

      it('needs no sweep for what was asked for as long as attempts are left', async () => {
        const patient: JobDefinition<LanePayload> = { ...job, attempts: 50, backoffMs: 0 };
        const load = new RandomLoad();
        runner.handle(patient, (payload) => load.handle(laneOf(payload)), 4);
        for (let asked = 0; asked < 1_000; asked += 1) await queue.enqueue(patient, on(load.add()));
        await until('nothing is left over', () => load.pending() === 0);
        expect({ overlaps: load.overlaps, outOfOrder: load.outOfOrder }).toEqual({ overlaps: 0, outOfOrder: 0 });
      });
    }
  });
}

/** An inbox per lane, as the records keep it, and a handler that drains it and fails at times. */
class RandomLoad {
  overlaps = 0;
  outOfOrder = 0;
  failures = 0;
  mostAtOnce = 0;
  readonly #inboxes = new Map<string, number[]>();
  readonly #running = new Set<string>();
  readonly #last = new Map<string, number>();
  #next = 0;
  #seed = 20_261;

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** Puts one item into the inbox of a random lane, and says which. */
  add(): string {
    const lane = `lane-${Math.floor(this.#random() * 40)}`;
    const inbox = this.#inboxes.get(lane) ?? [];
    inbox.push((this.#next += 1));
    this.#inboxes.set(lane, inbox);
    return lane;
  }

  async handle(lane: string): Promise<void> {
    if (this.#running.has(lane)) this.overlaps += 1;
    this.#running.add(lane);
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#running.size);
    try {
      const inbox = this.#inboxes.get(lane) ?? [];
      const batch = inbox.slice(0, inbox.length);
      if (this.chance(0.5)) await aMoment(this.#random() * 3);
      if (this.chance(0.15)) {
        this.failures += 1;
        throw new Error('on purpose');
      }
      for (const item of batch) {
        if (item <= (this.#last.get(lane) ?? 0)) this.outOfOrder += 1;
        this.#last.set(lane, item);
      }
      inbox.splice(0, batch.length);
    } finally {
      this.#running.delete(lane);
    }
  }

  pending(): number {
    return [...this.#inboxes.values()].reduce((sum, inbox) => sum + inbox.length, 0);
  }

  pendingLanes(): readonly string[] {
    return [...this.#inboxes].filter(([, inbox]) => inbox.length > 0).map(([lane]) => lane);
  }

  /** The same sequence in every run, so that a failure can be looked at again. */
  #random(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 2 ** 32;
  }
}
