import { QUICK, runBench } from '../bench/bench.ts';
import { openLoop } from '../bench/open-loop.ts';
import { printable } from '../bench/report.ts';
import { onlyIn } from '../deployment/deployment.ts';
import { randomFrom } from '../trials/random.ts';

const OPERATIONS = [
  'search, words alone',
  'add, words alone',
  'query embedding, new',
  'query embedding, cached',
  'search, cached query',
  'search, new query',
  'chat, no model',
  'add',
  '90 search / 10 add',
  'write to recallable',
];

describe('the load', () => {
  it('counts from the moment a request should have left, less what is not ours', async () => {
    const plan = { rate: 200, seconds: 0.5, warmUpSeconds: 0, random: randomFrom(1) };
    // The first answers stall whoever sends, as a busy machine does.
    const stalled = await openLoop({
      ...plan,
      send: async (number) => {
        for (const until = performance.now() + 100; number === 0 && performance.now() < until;);
        return true;
      },
    });
    const without = await openLoop({ ...plan, send: async () => ({ notOursMs: 50_000 }) });

    // Every request that was due meanwhile waited, too: about a fifth of all.
    expect(stalled.maxMs).toBeGreaterThanOrEqual(99);
    expect(stalled.p95Ms).toBeGreaterThan(20);
    expect(without.maxMs).toBeLessThanOrEqual(0.001);
  });

  it('counts what fails, and what throws', async () => {
    const plan = { rate: 200, seconds: 0.2, warmUpSeconds: 0, random: randomFrom(1) };
    const failing = await openLoop({ ...plan, send: async (number) => (number % 2 === 0 ? false : Promise.reject(new Error('down'))) });
    expect(failing.requests).toBeGreaterThan(0);
    expect(failing.errors).toBe(failing.requests);
  });
});

onlyIn('standalone', () => {
  describe('the bench of the standalone server', () => {
    it('measures every operation in every cell and prints every figure', async () => {
      const report = await runBench({
        ...QUICK,
        embedder: 'endpoint',
        seed: 1,
        only: [],
        keepIn: null,
        environment: {},
        say: () => undefined,
      });

      expect(report.cells.map(({ memories, users }) => [memories, users])).toEqual([[400, 10]]);
      for (const cell of report.cells) {
        expect(cell.documents).toBe(600);
        expect(cell.operations.map(({ operation }) => operation)).toEqual(OPERATIONS);
        for (const { operation, requests, errors, p50Ms, p95Ms, p99Ms, ...figures } of cell.operations) {
          expect({ operation, errors, measured: requests > 0 }).toEqual({ operation, errors: 0, measured: true });
          expect([p50Ms, p95Ms, p99Ms].every((value) => value > 0)).toBe(true);
          if (operation.startsWith('query embedding')) continue;
          const { offeredPerSecond, achievedPerSecond, cpuMicrosecondsPerRequest, eventLoopP99Ms, residentMegabytes } = figures;
          expect(
            [offeredPerSecond, achievedPerSecond, cpuMicrosecondsPerRequest, eventLoopP99Ms, residentMegabytes].every(
              (value) => (value ?? 0) > 0,
            ),
          ).toBe(true);
        }
      }
      const text = printable(report);
      for (const operation of OPERATIONS) expect(text.split('\n').filter((line) => line.includes(operation))).not.toHaveLength(0);
      expect(text).toContain('seeded unit vectors');
    });
  });
});
