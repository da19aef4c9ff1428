import { drainInbox, fillVectors, indexOutbox } from '@continuo/contracts';
import { InProcessQueue } from './in-process-queue.ts';

const scope = { project_id: 'p', subject: 'user:a' };
const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** A clock that moves when it is told to. */
class HandClock {
  time = 0;
  readonly rests: number[] = [];
  #due: (() => void)[] = [];

  readonly now = (): number => this.time;
  readonly schedule = (callback: () => void, delayMs: number): (() => void) => {
    this.rests.push(delayMs);
    this.#due.push(callback);
    return () => {
      this.#due = this.#due.filter((kept) => kept !== callback);
    };
  };

  ring(): void {
    const due = this.#due;
    this.#due = [];
    for (const callback of due) callback();
  }

  get set(): number {
    return this.#due.length;
  }
}

const queues: InProcessQueue[] = [];

function aQueue(options: Partial<ConstructorParameters<typeof InProcessQueue>[0]> = {}): InProcessQueue {
  const queue = new InProcessQueue({ onFailure: () => undefined, ...options });
  queues.push(queue);
  return queue;
}

afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.close(0)));
});

describe('InProcessQueue', () => {
  it('doubles the rest after each failed attempt, with jitter around it, and reports every failure', async () => {
    const clock = new HandClock();
    const reports: unknown[] = [];
    const randoms = [0.5, 0, 1, 0.5];
    const queue = aQueue({
      now: clock.now,
      schedule: clock.schedule,
      random: () => randoms.shift() ?? 0.5,
      onFailure: (job, error, attempt) => reports.push([job.name, (error as Error).message, attempt]),
    });
    queue.handle(drainInbox, async () => Promise.reject(new Error('no luck')), 1);
    await queue.enqueue(drainInbox, scope);
    for (let attempt = 0; attempt < drainInbox.attempts; attempt += 1) {
      await aTurn();
      clock.ring();
    }
    expect(clock.rests).toEqual([2_000, 3_000, 10_000, 16_000]);
    expect(reports).toEqual([1, 2, 3, 4, 5].map((attempt) => ['drain-inbox', 'no luck', attempt]));
  });

  it('never rests for longer than a minute', async () => {
    const clock = new HandClock();
    const queue = aQueue({ schedule: clock.schedule, random: () => 0.999 });
    queue.handle({ ...drainInbox, attempts: 100 }, async () => Promise.reject(new Error('no luck')), 1);
    await queue.enqueue(drainInbox, scope);
    for (let attempt = 0; attempt < 60; attempt += 1) {
      await aTurn();
      clock.ring();
    }
    expect(clock.rests.length).toBe(60);
    expect(Math.max(...clock.rests)).toBe(60_000);
  });

  it('takes what is asked for during a rest as the attempt that waits', async () => {
    const clock = new HandClock();
    let runs = 0;
    const queue = aQueue({ schedule: clock.schedule });
    queue.handle(
      drainInbox,
      async () => {
        runs += 1;
        if (runs === 1) throw new Error('no luck');
      },
      1,
    );
    await queue.enqueue(drainInbox, scope);
    await aTurn();
    await queue.enqueue(drainInbox, scope);
    await aTurn();
    expect(runs).toBe(1);
    clock.ring();
    await aTurn();
    await aTurn();
    expect(runs).toBe(2);
  });

  it('goes on when the report of a failure fails itself', async () => {
    const clock = new HandClock();
    let runs = 0;
    const queue = aQueue({
      schedule: clock.schedule,
      onFailure: () => {
        throw new Error('the log is full');
      },
    });
    queue.handle(
      drainInbox,
      async () => {
        runs += 1;
        throw new Error('no luck');
      },
      1,
    );
    await queue.enqueue(drainInbox, scope);
    await aTurn();
    clock.ring();
    await aTurn();
    expect(runs).toBe(2);
  });

  it('sets no timer and keeps none once it is closed', async () => {
    const clock = new HandClock();
    const queue = aQueue({ schedule: clock.schedule });
    queue.handle(drainInbox, async () => Promise.reject(new Error('no luck')), 1);
    await queue.enqueue(drainInbox, scope);
    await aTurn();
    expect(clock.set).toBe(1);
    await queue.close(0);
    expect(clock.set).toBe(0);
  });

  it('says how many lanes wait and run, and how long the oldest has been waiting', async () => {
    const clock = new HandClock();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const queue = aQueue({ now: clock.now });
    queue.handle(drainInbox, async () => gate, 1);
    await queue.enqueue(drainInbox, scope);
    await aTurn();
    clock.time = 100;
    await queue.enqueue(drainInbox, { ...scope, subject: 'user:b' });
    clock.time = 150;
    await queue.enqueue(drainInbox, scope);
    clock.time = 400;
    expect(queue.depth()).toEqual([{ queue: 'inbox', name: 'drain-inbox', waiting: 2, active: 1, oldestWaitingMs: 300 }]);
    open();
    for (let turns = 0; turns < 4; turns += 1) await aTurn();
    expect(queue.depth()).toEqual([{ queue: 'inbox', name: 'drain-inbox', waiting: 0, active: 0, oldestWaitingMs: 0 }]);
  });

  it('names declared jobs without a handler, and handlers of jobs that are not declared', () => {
    const queue = aQueue();
    queue.handle(drainInbox, async () => undefined, 1);
    queue.handle(indexOutbox, async () => undefined, 1);
    expect(() => queue.assertComplete([drainInbox, indexOutbox, fillVectors])).toThrow('job fill-vectors has no handler');
    queue.handle(fillVectors, async () => undefined, 1);
    queue.assertComplete([drainInbox, indexOutbox, fillVectors]);
    expect(() => queue.assertComplete([drainInbox, fillVectors])).toThrow('handler for index-outbox, which is not declared');
  });

  it('refuses a concurrency that runs nothing', () => {
    const queue = aQueue();
    expect(() => queue.handle(drainInbox, async () => undefined, 0)).toThrow(RangeError);
  });

  it('leaves a handler behind that ignores its aborted signal', async () => {
    const queue = aQueue();
    queue.handle(drainInbox, () => new Promise(() => undefined), 1);
    await queue.enqueue(drainInbox, scope);
    await aTurn();
    await queue.close(1);
    expect(queue.depth()[0]?.active).toBe(1);
  });
});
