import { availableParallelism, loadavg } from 'node:os';
import { openBenchStores } from './bench-stores.ts';
import { shown, tableOf } from './table.ts';
import { measureWorkerRow, type WorkerRow, type WorkerRowPlan } from './worker-row.ts';

export interface WorkersPlan extends Pick<WorkerRowPlan, 'subjects' | 'messagesOfOne' | 'modelMs' | 'seconds'> {
  readonly rows: readonly { readonly processes: number; readonly lanes: number }[];
  /** Lanes of each process of the row with one subject, and how many processes. */
  readonly one: { readonly processes: number; readonly lanes: number };
  readonly say: (line: string) => void;
}

export interface WorkersReport {
  readonly machine: string;
  readonly stores: string;
  readonly modelMs: number;
  readonly rows: readonly WorkerRow[];
}

/** Under a minute: shows that the lanes of both processes are used, not what they bring. */
export const QUICK_WORKERS = {
  subjects: 24,
  messagesOfOne: 20,
  modelMs: 300,
  seconds: 30,
  rows: [{ processes: 2, lanes: 4 }],
  one: { processes: 2, lanes: 16 },
} as const;

/** The share of what the model allows below which something else holds the work up. */
const HELD_UP_BELOW = 0.7;

/** Measures each row on a cluster of its own. */
export async function runWorkersBench(plan: WorkersPlan): Promise<WorkersReport> {
  const load = loadavg()[0] ?? 0;
  const stores = await openBenchStores(null, plan.say);
  const rows: WorkerRow[] = [];
  try {
    const measure = async (shape: { readonly processes: number; readonly lanes: number }, subjects: number): Promise<void> => {
      const row = await measureWorkerRow({ ...plan, ...shape, subjects });
      rows.push(row);
      plan.say(`${row.processes} x ${row.lanes} lanes, ${subjects} subjects: ${row.messagesPerSecond.toFixed(1)} messages/s`);
    };
    for (const shape of plan.rows) await measure(shape, plan.subjects);
    await measure(plan.one, 1);
  } finally {
    await stores.close();
  }
  const machine = `${availableParallelism()} cores, Node ${process.versions.node}, load of ${load.toFixed(1)} from others at the start`;
  return { machine, stores: stores.words, modelMs: plan.modelMs, rows };
}

const HEADINGS = [
  'workers',
  'lanes each',
  'subjects',
  'messages',
  'mined',
  'messages/s',
  'model allows',
  'drained s',
  'in flight',
  'inbox p95 s',
  'order',
  'busy',
  'CPU a worker',
];

/** The report for people. */
export function printableWorkers({ machine, stores, modelMs, rows }: WorkersReport): string {
  return [
    `Workers on ${machine}; every call of the model takes ${modelMs} ms. Stores: ${stores}.`,
    '1 gateway, 1 recall, 1 generation, no embedder; gateway, model, stores and workers share the machine.',
    'Many subjects have one or two messages each, which wait before the workers start; one subject goes on speaking while they run.',
    '',
    ...tableOf(HEADINGS, rows.map(cellsOf), []),
    '',
    limitOf(rows),
    'model allows: what so many lanes could do if all but the model took no time; for one subject, what was said a second. drained: from the first',
    'call of the model to the last memory. in flight: calls of the model at one moment, at most. busy: share of all cores in use by anything.',
  ].join('\n');
}

const cellsOf = (row: WorkerRow): readonly string[] => [
  String(row.processes),
  String(row.lanes),
  String(row.subjects),
  String(row.messages),
  String(row.mined),
  shown(row.messagesPerSecond, 1),
  shown(row.boundPerSecond, 1),
  row.drainedSeconds === null ? 'not yet' : shown(row.drainedSeconds, 1),
  String(row.mostCallsInFlight),
  shown(row.inboxP95Seconds, 2),
  row.inOrder ? 'kept' : 'BROKEN',
  `${shown(100 * row.machineBusyShare, 0)} %`,
  `${shown(100 * row.workerCpuShare, 0)} %`,
];

function limitOf(rows: readonly WorkerRow[]): string {
  const held = rows
    .filter(({ subjects }) => subjects > 1)
    .toSorted((left, right) => left.boundPerSecond - right.boundPerSecond)
    .find((row) => row.messagesPerSecond < row.boundPerSecond * HELD_UP_BELOW);
  if (held === undefined) return 'The model is the limit everywhere: nothing else held the work up.';
  const { processes, lanes, machineBusyShare, messagesPerSecond } = held;
  return `From ${processes} x ${lanes} lanes on it is not the model that limits: ${messagesPerSecond.toFixed(1)} messages/s with the cores ${(100 * machineBusyShare).toFixed(0)} % busy.`;
}
