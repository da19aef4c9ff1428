import { AppError, drainInbox, fillVectors, indexOutbox, type JobDefinition } from '@continuo/contracts';
import { Redis } from 'ioredis';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { aBrokerUrl } from '../../test/broker.ts';
import { job, laneOf, on, type LanePayload } from '../../test/job.ts';
import { aMoment, Queues, until } from '../../test/queues.ts';

const queues = new Queues();

describe('several workers', () => {
  it('keep one lane and its order with sixteen places in two runners', async () => {
    const inbox: number[] = [];
    const seen: number[] = [];
    let running = 0;
    let overlaps = 0;
    let runs = 0;
    const drain = async (): Promise<void> => {
      runs += 1;
      running += 1;
      if (running > 1) overlaps += 1;
      const batch = inbox.slice();
      await aMoment(Math.random() * 4);
      if (runs % 7 === 0) {
        running -= 1;
        throw new Error('on purpose');
      }
      seen.push(...batch);
      inbox.splice(0, batch.length);
      running -= 1;
    };
    const patient = { ...job, attempts: 50, backoffMs: 1 };
    const [one, other] = [await queues.connected(), await queues.connected()];
    one.handle(patient, drain, 8);
    other.handle(patient, drain, 8);
    for (let item = 0; item < 600; item += 1) {
      inbox.push(item);
      await (item % 2 === 0 ? one : other).enqueue(patient, on('only'));
    }
    await until('the inbox is empty', () => inbox.length === 0 && running === 0);
    expect({ overlaps, seen }).toEqual({ overlaps: 0, seen: Array.from({ length: 600 }, (_, item) => item) });
    expect(runs).toBeGreaterThan(20);
  });

  it('share the lanes between them', async () => {
    const seen: string[] = [];
    for (const name of ['one', 'other']) {
      (await queues.connected()).handle(
        job,
        async () => {
          seen.push(name);
          await aMoment(10);
        },
        2,
      );
    }
    const producer = await queues.connected();
    for (let lane = 0; lane < 40; lane += 1) await producer.enqueue(job, on(`${lane}`));
    await until('all lanes ran', () => seen.length === 40);
    expect(seen.filter((name) => name === 'one').length).toBeGreaterThan(5);
    expect(seen.filter((name) => name === 'other').length).toBeGreaterThan(5);
  });

  it('take over what a killed one was doing', async () => {
    const lockMs = 600;
    const node = ['--conditions=@continuo/source', '--no-warnings', new URL('../../test/child-worker.ts', import.meta.url).pathname];
    const child = spawn(process.execPath, [...node, aBrokerUrl(), queues.prefix, `${lockMs}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    const queue = await queues.connected({ lockMs });
    await queue.enqueue(job, on('orphan'));
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const seen: string[] = [];
    queue.handle(job, async (payload) => void seen.push(laneOf(payload)), 1);
    await until('the lane was taken over', () => seen.length === 1);
    expect(queues.eventsOf('stalled').length).toBe(1);
    await queue.enqueue(job, on('orphan'));
    await until('the lane is free', () => seen.length === 2);
  });

  it('put a job that was stopped by closing back where another finds it at once, with all its attempts', async () => {
    const first = await queues.connected();
    const once: JobDefinition<LanePayload> = { ...job, attempts: 1 };
    let started = false;
    first.handle(
      once,
      (_payload, signal) => {
        started = true;
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
      },
      1,
    );
    await first.enqueue(once, on('a'));
    await until('the handler runs', () => started);
    await first.close(5);
    const seen: string[] = [];
    (await queues.connected()).handle(once, async (payload) => void seen.push(laneOf(payload)), 1);
    await until('another worker has it', () => seen.length === 1);
    expect(queues.failures).toEqual([]);
    expect(queues.eventsOf('job_done').map(({ outcome }) => outcome)).toEqual(['returned', 'completed']);
  });
});

describe('dead letters', () => {
  const failing: JobDefinition<LanePayload> = { ...job, attempts: 2 };

  async function withDeadLetters(lanes: readonly string[]) {
    const queue = await queues.connected();
    let broken = true;
    const seen: string[] = [];
    queue.handle(
      failing,
      async (payload) => {
        if (broken) throw new AppError('records_unavailable', 'The records cannot be reached.');
        seen.push(laneOf(payload));
      },
      1,
    );
    for (const lane of lanes) await queue.enqueue(failing, on(lane));
    await until('all have failed', async () => (await queue.failed(10)).length === lanes.length);
    broken = false;
    return { queue, seen };
  }

  it('are listed with what they were about, why and when', async () => {
    const { queue } = await withDeadLetters(['a']);
    const [letter] = await queue.failed(10);
    expect(letter).toMatchObject({
      queue: 'inbox',
      name: 'drain-inbox',
      payload: on('a'),
      reason: 'records_unavailable: The records cannot be reached.',
      attempts: 2,
    });
    expect(Math.abs(Date.now() - (letter?.failedAt ?? 0))).toBeLessThan(60_000);
    expect(queues.failures.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(queues.eventsOf('job_done').map(({ outcome }) => outcome)).toEqual(['retried', 'failed']);
  });

  it('keep no word of an error that may quote users', async () => {
    const queue = await queues.connected();
    queue.handle(failing, async () => void JSON.parse('my secret diary'), 1);
    await queue.enqueue(failing, on('a'));
    await until('it has failed', async () => (await queue.failed(1)).length === 1);
    expect((await queue.failed(1))[0]?.reason).toBe('SyntaxError');
    expect(await everythingIn(queues.prefix)).not.toContain('diary');
  });

  it('are replayed one by one', async () => {
    const { queue, seen } = await withDeadLetters(['a', 'b']);
    const letter = (await queue.failed(10)).find(({ payload }) => (payload as LanePayload).subject === 'user:b');
    expect(await queue.retry(letter?.id ?? '')).toEqual({ replayed: 1, unknown: 0 });
    await until('it ran', () => seen.length === 1);
    expect(seen).toEqual(['b']);
    expect((await queue.failed(10)).map(({ payload }) => payload)).toEqual([on('a')]);
    expect(await queue.retry('no-such-id')).toEqual({ replayed: 0, unknown: 0 });
  });

  it('are replayed all at once, through their lanes', async () => {
    const { queue, seen } = await withDeadLetters(['a', 'b', 'c']);
    expect(await queue.retry('all')).toEqual({ replayed: 3, unknown: 0 });
    await until('all ran', () => seen.length === 3);
    expect(await queue.failed(10)).toEqual([]);
  });

  it('of a job that has got another queue since are replayed there; those of a job that is gone stay listed', async () => {
    const moved: JobDefinition<LanePayload> = { ...failing, queue: 'old-place' };
    const gone: JobDefinition<LanePayload> = { ...failing, queue: 'gone', name: 'gone' };
    const old = await queues.connected();
    const fail = async (): Promise<void> => {
      throw new Error('on purpose');
    };
    old.handle(moved, fail, 1);
    old.handle(gone, fail, 1);
    await old.enqueue(moved, on('a'));
    await old.enqueue(gone, on('b'));
    await until('both have failed', async () => (await old.failed(10)).length === 2);
    await old.close(1_000);
    const present = await queues.connected();
    const seen: string[] = [];
    present.handle(job, async (payload) => void seen.push(laneOf(payload)), 1);
    expect(await present.retry('all')).toEqual({ replayed: 1, unknown: 1 });
    await until('the moved one ran', () => seen.length === 1);
    expect((await present.failed(10)).map(({ queue, name }) => `${queue} ${name}`)).toEqual(['gone gone']);
  });

  it('of an erased subject are removed, and no others', async () => {
    const { queue } = await withDeadLetters(['a', 'b']);
    expect(await queue.forget('p', 'user:a')).toBe(1);
    expect((await queue.failed(10)).map(({ payload }) => payload)).toEqual([on('b')]);
    expect(await everythingIn(queues.prefix)).not.toContain('user:a');
  });

  it('are made of a payload that no longer fits, without another attempt', async () => {
    const loose: JobDefinition<unknown> = {
      ...job,
      payload: fillVectors.payload as unknown as JobDefinition<unknown>['payload'],
      lane: () => 'x',
    };
    const queue = await queues.connected();
    let ran = false;
    queue.handle(job, async () => void (ran = true), 1);
    await queue.enqueue(loose, {});
    await until('it has failed', async () => (await queue.failed(1)).length === 1);
    expect({ ran, reason: (await queue.failed(1))[0]?.reason }).toEqual({ ran: false, reason: 'invalid payload' });
  });
});

describe('what is told', () => {
  it('counts what waits, runs, rests and has failed, of every job', async () => {
    const queue = await queues.connected();
    const slow = { ...job, backoffMs: 60_000 };
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    queue.handle(
      slow,
      async (payload) => {
        if (laneOf(payload) === 'resting') throw new Error('on purpose');
        await gate;
      },
      1,
    );
    await queue.enqueue(slow, on('resting'));
    await until('one rests', async () => (await queue.depth())[0]?.delayed === 1);
    for (const lane of ['running', 'waiting', 'waiting too']) await queue.enqueue(slow, on(lane));
    await until('one runs', async () => (await queue.depth())[0]?.active === 1);
    await aMoment(20);
    const [inbox, ...others] = await queue.depth();
    expect(inbox).toMatchObject({ queue: 'inbox', name: 'drain-inbox', waiting: 2, active: 1, delayed: 1, failed: 0 });
    expect(inbox?.oldestAgeMs).toBeGreaterThanOrEqual(20);
    expect(others.map(({ name }) => name)).toEqual(['index-outbox', 'fill-vectors', 'erase', 'read-files', 'retention', 'consistency']);
    expect(others.every(({ waiting, oldestAgeMs }) => waiting === 0 && oldestAgeMs === 0)).toBe(true);
    release();
  });

  it('says how long each job waited and ran', async () => {
    const queue = await queues.connected();
    await queue.enqueue(job, on('a'));
    await aMoment(30);
    queue.handle(job, () => aMoment(30), 1);
    await until('it is done', () => queues.eventsOf('job_done').length === 1);
    const [done] = queues.eventsOf('job_done');
    expect(done).toMatchObject({ job: 'drain-inbox', attempt: 1, outcome: 'completed' });
    expect(done?.waitedMs).toBeGreaterThanOrEqual(30);
    expect(done?.ranMs).toBeGreaterThanOrEqual(29);
  });

  it('carries the trace of whoever asked to the handler', async () => {
    const seen: (string | undefined)[] = [];
    const queue = await queues.connected({
      traceparent: () => '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      runInTrace: async (traceparent, name, run) => {
        seen.push(`${name} ${traceparent}`);
        return run();
      },
    });
    let ran = false;
    queue.handle(job, async () => void (ran = true), 1);
    await queue.enqueue(job, on('a'));
    await until('it ran', () => ran);
    expect(seen).toEqual(['drain-inbox 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01']);
  });

  it('names declared jobs without a handler, and handlers of jobs that are not declared', async () => {
    const queue = await queues.connected();
    queue.handle(drainInbox, async () => undefined, 1);
    queue.handle(indexOutbox, async () => undefined, 1);
    expect(() => queue.assertComplete([drainInbox, indexOutbox, fillVectors])).toThrow('job fill-vectors has no handler');
    queue.handle(fillVectors, async () => undefined, 1);
    queue.assertComplete([drainInbox, indexOutbox, fillVectors]);
    expect(() => queue.assertComplete([drainInbox, fillVectors])).toThrow('handler for index-outbox, which is not declared');
  });

  it('refuses a concurrency that runs nothing', async () => {
    const queue = await queues.connected();
    expect(() => queue.handle(drainInbox, async () => undefined, 0)).toThrow(RangeError);
  });
});

describe('schedules', () => {
  it('raise a job again and again, once for two processes, and never beside itself', async () => {
    let runs = 0;
    let running = 0;
    let overlaps = 0;
    const slow = async (): Promise<void> => {
      runs += 1;
      running += 1;
      if (running > 1) overlaps += 1;
      await aMoment(250);
      running -= 1;
    };
    for (const queue of [await queues.connected(), await queues.connected()]) {
      queue.handle(indexOutbox, slow, 4);
      queue.schedule(indexOutbox, {}, 100);
    }
    await until('it ran several times', () => runs >= 4);
    expect(overlaps).toBe(0);
  });

  it('start with the first process that says so, not anew with each', async () => {
    let runs = 0;
    for (const queue of [await queues.connected(), await queues.connected(), await queues.connected()]) {
      queue.handle(indexOutbox, async () => void (runs += 1), 4);
      queue.schedule(indexOutbox, {}, 3_600_000);
      await until('it ran', () => runs > 0);
    }
    await aMoment(300);
    expect(runs).toBe(1);
  });
});

describe('keys', () => {
  it('all begin with the prefix in braces, so that they lie in one slot, and completed jobs leave none of their own', async () => {
    const queue = await queues.connected();
    let ran = false;
    queue.handle(job, async () => void (ran = true), 1);
    await queue.enqueue(job, on('someone'));
    await until('it ran', () => ran);
    await until('it is done', () => queues.eventsOf('job_done').length === 1);
    await aMoment(20);
    const everything = await everythingIn(queues.prefix);
    expect(everything).toContain(`{${queues.prefix}}:queues`);
    expect(everything).not.toContain('someone');
  });
});

/** Every key and value of a prefix, as text. */
async function everythingIn(prefix: string): Promise<string> {
  const redis = new Redis(aBrokerUrl());
  const texts: string[] = [];
  for await (const keys of redis.scanStream({ match: `*${prefix}*`, count: 1_000 }) as AsyncIterable<string[]>) {
    for (const key of keys) {
      if (!key.startsWith(`{${prefix}}:`)) throw new Error(`${key} lies outside.`);
      texts.push(key, (await redis.dumpBuffer(key))?.toString('latin1') ?? '');
      const type = await redis.type(key);
      if (type === 'hash') texts.push(JSON.stringify(await redis.hgetall(key)));
      if (type === 'stream') texts.push(JSON.stringify(await redis.xrange(key, '-', '+')));
    }
  }
  redis.disconnect();
  return texts.join('\n');
}
