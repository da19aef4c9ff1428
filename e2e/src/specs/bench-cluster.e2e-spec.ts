import { QUICK_CLUSTER, runClusterBench } from '../bench/bench-cluster.ts';
import { printableWorkers, QUICK_WORKERS, runWorkersBench } from '../bench/bench-workers.ts';
import { printableCluster } from '../bench/cluster-report.ts';
import { onlyIn } from '../deployment/deployment.ts';

const OPERATIONS = [
  'query embedding, new',
  'query embedding, cached',
  'search, cached query',
  'search, new query',
  'chat without the model',
  'add',
  '90 search / 10 add',
  'write to recallable',
  'write to memory in the index',
];

onlyIn('cluster', () => {
  describe('the bench of the cluster', () => {
    it('measures every operation and prints every figure', async () => {
      const report = await runClusterBench({
        ...QUICK_CLUSTER,
        embedder: 'endpoint',
        seed: 1,
        only: [],
        keepIn: null,
        environment: {},
        say: () => undefined,
      });

      const [cell] = report.cells;
      expect(cell?.documents).toBe(300);
      expect(cell?.operations.map(({ operation }) => operation)).toEqual(OPERATIONS);
      for (const { operation, requests, errors, p50Ms, p95Ms, p99Ms, processes, ...figures } of cell?.operations ?? []) {
        expect({ operation, errors, measured: requests > 0 }).toEqual({ operation, errors: 0, measured: true });
        expect([p50Ms, p95Ms, p99Ms].every((value) => value > 0)).toBe(true);
        if (operation.startsWith('query embedding')) continue;
        const { offeredPerSecond, achievedPerSecond, cpuMicrosecondsPerRequest, eventLoopP99Ms, residentMegabytes, machineBusyShare } = figures;
        const all = [offeredPerSecond, achievedPerSecond, cpuMicrosecondsPerRequest, eventLoopP99Ms, residentMegabytes, machineBusyShare];
        expect(all.every((value) => (value ?? 0) > 0)).toBe(true);
        expect(processes.map(({ process }) => process).sort()).toEqual(['gateway', 'generation', 'recall', 'worker']);
      }
      const text = printableCluster(report);
      for (const operation of OPERATIONS) expect(text.split('\n').filter((line) => line.includes(operation))).not.toHaveLength(0);
      expect(text).toMatch(/OpenSearch \d/u);
    });
  });

  describe('the bench of the workers', () => {
    it('mines as many subjects at once as there are lanes, and one subject in one lane and in order', async () => {
      const report = await runWorkersBench({ ...QUICK_WORKERS, say: () => undefined });

      const [alone, together, one] = report.rows;
      expect(report.rows.map(({ inOrder }) => inOrder)).toEqual([true, true, true]);
      expect(alone).toMatchObject({ processes: 1, lanes: 1, messages: 36, mostCallsInFlight: 1 });
      expect(together).toMatchObject({ processes: 2, lanes: 4, messages: 36, mined: 36, modelCalls: 24 });
      // More than the lanes of one process, and never more than all lanes.
      expect(together?.mostCallsInFlight).toBeGreaterThan(4);
      expect(together?.mostCallsInFlight).toBeLessThanOrEqual(8);
      expect(one).toMatchObject({ subjects: 1, messages: 20, mined: 20, mostCallsInFlight: 1 });
      expect(printableWorkers(report).split('\n').filter((line) => line.includes('kept'))).toHaveLength(3);
    });
  });
});
