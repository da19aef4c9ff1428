import { indexOutbox } from '@continuo/contracts';
import { job, laneOf, on } from '../../test/job.ts';
import { PrivateRedis } from '../../test/private-redis.ts';
import { aMoment, Queues, until } from '../../test/queues.ts';

const queues = new Queues();
let redis: PrivateRedis;

beforeEach(async () => {
  redis = await PrivateRedis.start();
});
afterEach(async () => redis.stop());

/** What must stay below it is some 200 ms; the rest is for a machine that is busy with other things. */
const A_MOMENT_MS = 600;

async function longestOf(calls: number, call: () => Promise<void>): Promise<number> {
  let longest = 0;
  for (let done = 0; done < calls; done += 1) {
    const startedAt = performance.now();
    await call();
    longest = Math.max(longest, performance.now() - startedAt);
  }
  return longest;
}

describe('while the broker is away', () => {
  it('asking neither fails nor takes long, and is reported', async () => {
    const queue = await queues.connected({ url: redis.url });
    await queue.enqueue(job, on('a'));
    expect(queues.events).toEqual([]);
    await redis.kill();
    expect(await longestOf(20, () => queue.enqueue(job, on('a')))).toBeLessThan(A_MOMENT_MS);
    expect(queues.eventsOf('signal_lost')).toHaveLength(20);
    await expect(queue.ping()).rejects.toThrow();
  });

  it('asking neither fails nor takes long where it was never there', async () => {
    await redis.kill();
    const queue = queues.open({ url: redis.url });
    expect(await longestOf(20, () => queue.enqueue(job, on('a')))).toBeLessThan(A_MOMENT_MS);
    expect(queues.eventsOf('signal_lost')).toHaveLength(20);
  });

  it('asking neither fails nor takes long where it hangs without a word', async () => {
    const queue = await queues.connected({ url: redis.url });
    await queue.enqueue(job, on('a'));
    redis.hang(true);
    expect(await longestOf(3, () => queue.enqueue(job, on('b')))).toBeLessThan(A_MOMENT_MS);
    expect(queues.eventsOf('signal_lost')).toHaveLength(3);
    redis.hang(false);
  });

  it('a payload that does not fit is refused all the same', async () => {
    await redis.kill();
    const queue = queues.open({ url: redis.url });
    await expect(queue.enqueue(job, { project_id: 'p', subject: 'nobody' })).rejects.toThrow();
  });

  it('closing takes no longer than its grace', async () => {
    const queue = await queues.connected({ url: redis.url });
    queue.handle(job, async () => undefined, 1);
    queue.schedule(indexOutbox, {}, 1_000);
    await queue.enqueue(job, on('a'));
    await until('it ran', () => queues.eventsOf('job_done').length === 1);
    await redis.kill();
    await aMoment(50);
    const startedAt = performance.now();
    await queue.close(300);
    expect(performance.now() - startedAt).toBeLessThan(300 + 1_000 + A_MOMENT_MS);
  });
});

describe('when the broker comes back empty', () => {
  it('takes up work again within seconds, several times, also where nothing was going on for long', async () => {
    const seen: string[] = [];
    const queue = await queues.connected({ url: redis.url });
    queue.handle(job, async (payload) => void seen.push(laneOf(payload)), 4);
    for (const [round, awayMs] of [50, 4_500, 1_200].entries()) {
      await queue.enqueue(job, on(`before-${round}`));
      await until('it works', () => seen.includes(`before-${round}`));
      await redis.kill();
      await aMoment(awayMs);
      await redis.start();
      const backAt = performance.now();
      await until('signals are taken again', async () => {
        await queue.enqueue(job, on(`after-${round}`));
        return seen.includes(`after-${round}`);
      });
      expect(performance.now() - backAt).toBeLessThan(8_000);
    }
  });

  it('starts workers that were opened while it was away', async () => {
    await redis.kill();
    const seen: string[] = [];
    const queue = queues.open({ url: redis.url });
    queue.handle(job, async (payload) => void seen.push(laneOf(payload)), 1);
    await aMoment(300);
    await redis.start();
    await until('it works', async () => {
      await queue.enqueue(job, on('a'));
      return seen.length > 0;
    });
  });

  it('has its schedules again', async () => {
    let runs = 0;
    const queue = await queues.connected({ url: redis.url });
    queue.handle(indexOutbox, async () => void (runs += 1), 1);
    queue.schedule(indexOutbox, {}, 200);
    await until('it comes round', () => runs >= 2);
    await redis.kill();
    await aMoment(100);
    await redis.start();
    const before = runs;
    await until('it comes round again', () => runs >= before + 3);
  });

  it('stops what it has forgotten, asks for it again, and runs no lane beside itself in one process', async () => {
    const events: string[] = [];
    let running = 0;
    let overlaps = 0;
    let stubborn = 0;
    const queue = await queues.connected({ url: redis.url });
    queue.handle(
      job,
      async (_payload, signal) => {
        running += 1;
        if (running > 1) overlaps += 1;
        events.push('started');
        // The first run takes its time to stop, as a transaction does.
        if (events.length === 1) {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          events.push('aborted');
          stubborn += 1;
          await aMoment(400);
          running -= 1;
          throw new Error('stopped');
        }
        running -= 1;
      },
      4,
    );
    await queue.enqueue(job, on('a'));
    await until('the handler runs', () => running === 1);
    await redis.kill();
    await redis.start();
    await until('somebody asks for the lane again', async () => {
      const lost = queues.eventsOf('signal_lost').length;
      await queue.enqueue(job, on('a'));
      return queues.eventsOf('signal_lost').length === lost;
    });
    await until('the lane ran again', () => events.filter((event) => event === 'started').length >= 2);
    expect({ overlaps, stubborn }).toEqual({ overlaps: 0, stubborn: 1 });
    expect(events.slice(0, 3)).toEqual(['started', 'aborted', 'started']);
    expect(queues.eventsOf('lock_lost')).toHaveLength(1);
    expect(queues.failures).toEqual([]);
  });

  it('asks again for what it has forgotten also where nobody else does', async () => {
    let runs = 0;
    const queue = await queues.connected({ url: redis.url });
    queue.handle(
      job,
      (_payload, signal) => {
        runs += 1;
        if (runs > 1) return Promise.resolve();
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
      },
      1,
    );
    await queue.enqueue(job, on('a'));
    await until('the handler runs', () => runs === 1);
    await redis.kill();
    await redis.start();
    await until('it ran again', () => runs === 2);
  });

  it('keeps one lane over two processes under load, once every lock is known again', async () => {
    const inbox = new Map<string, number[]>();
    const last = new Map<string, number>();
    const running = new Set<string>();
    let overlaps = 0;
    let outOfOrder = 0;
    let next = 0;
    const patient = { ...job, attempts: 20 };
    const drain = async (lane: string): Promise<void> => {
      if (running.has(lane)) overlaps += 1;
      running.add(lane);
      const items = inbox.get(lane) ?? [];
      const batch = items.slice();
      await aMoment(Math.random() * 5);
      for (const item of batch) {
        if (item <= (last.get(lane) ?? 0)) outOfOrder += 1;
        last.set(lane, item);
      }
      items.splice(0, batch.length);
      running.delete(lane);
    };
    const workers = [await queues.connected({ url: redis.url }), await queues.connected({ url: redis.url })];
    for (const worker of workers) worker.handle(patient, (payload) => drain(laneOf(payload)), 8);
    const add = async (): Promise<void> => {
      const lane = `${next % 10}`;
      const items = inbox.get(lane) ?? [];
      items.push((next += 1));
      inbox.set(lane, items);
      await workers[next % 2]?.enqueue(patient, on(lane));
    };
    for (let asked = 0; asked < 200; asked += 1) await add();
    await redis.kill();
    await until('nothing runs', () => running.size === 0);
    await redis.start();
    for (let asked = 0; asked < 200; asked += 1) await add();
    await until('the sweep has found all', async () => {
      const waiting = [...inbox].filter(([, items]) => items.length > 0).map(([lane]) => lane);
      for (const lane of waiting) await workers[0]?.enqueue(patient, on(lane));
      await aMoment(20);
      return waiting.length === 0;
    });
    expect({ overlaps, outOfOrder }).toEqual({ overlaps: 0, outOfOrder: 0 });
  });
});
