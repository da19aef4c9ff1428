import { BenchModel, markOf } from '../bench/bench-model.ts';
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

describe('the model of the benches', () => {
  const ask = async (model: BenchModel, body: object): Promise<string> => {
    const response = await fetch(`${model.environment['OPENAI_BASE_URL']}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return response.text();
  };

  it('makes one memory of each message of the user, and tells which messages a call read', async () => {
    const model = await BenchModel.start(0);
    const lines = [
      { id: 'm1', role: 'user', content: `I live in Riga ${markOf(7)}.` },
      { id: 'm2', role: 'assistant', content: 'Noted.' },
      { id: 'm3', role: 'user', content: `I row ${markOf(8)}.` },
    ].map((line) => JSON.stringify(line));
    const messages = [{ role: 'user', content: `Context, already read:\n{"id":"c1"}\n\nNew messages:\n${lines.join('\n')}` }];
    const reply = JSON.parse(await ask(model, { messages, response_format: { json_schema: { name: 'memories' } } }));
    await model.close();

    const { memories } = JSON.parse(reply.choices[0].message.content);
    expect(memories.map((memory: { message_ids: string[] }) => memory.message_ids)).toEqual([['m1'], ['m3']]);
    expect(model.calls).toMatchObject([{ kind: 'extract', marks: [7, 8] }]);
    expect(model.mostInFlight).toBe(1);
  });

  it('tells once how long it took over an answer', async () => {
    const model = await BenchModel.start(30);
    const [first] = await Promise.all([ask(model, { stream: true, messages: [] }), ask(model, { stream: true, messages: [] })]);
    await model.close();

    expect(model.mostInFlight).toBe(2);
    expect(model.ownMs(first)).toBeGreaterThanOrEqual(29);
    expect(model.ownMs(first)).toBeNull();
  });
});

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
        const { offeredPerSecond, achievedPerSecond, cpuMicrosecondsPerRequest, eventLoopP99Ms, residentMegabytes, machineBusyShare } =
          figures;
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

      const [together, one] = report.rows;
      expect(report.rows.map(({ inOrder }) => inOrder)).toEqual([true, true]);
      expect(together).toMatchObject({ processes: 2, lanes: 4, messages: 36, mined: 36, modelCalls: 24 });
      // More than the lanes of one process, and never more than all lanes.
      expect(together?.mostCallsInFlight).toBeGreaterThan(4);
      expect(together?.mostCallsInFlight).toBeLessThanOrEqual(8);
      expect(one).toMatchObject({ subjects: 1, messages: 20, mined: 20, mostCallsInFlight: 1 });
      expect(
        printableWorkers(report)
          .split('\n')
          .filter((line) => line.includes('kept')),
      ).toHaveLength(2);
    });
  });
});
