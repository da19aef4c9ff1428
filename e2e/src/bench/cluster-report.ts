import type { ClusterBenchReport } from './bench-cluster.ts';
import type { OperationFigures } from './operations.ts';
import { shown, tableOf } from './table.ts';

const HEADINGS = [
  'memories',
  'users',
  'operation',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'max ms',
  'offered/s',
  'achieved/s',
  'errors',
  'CPU µs',
  'busy',
  'loop p99',
  'RSS MB',
];
const FLAT = /^search/u;

/** The report for people: what was measured, the table, how flat it is, and what to bear in mind. */
export function printableCluster(report: ClusterBenchReport): string {
  return [
    `Cluster (${report.processes}) on ${report.machine}; ${report.rate} requests/s for ${report.seconds} s per row, Poisson arrivals, open loop:`,
    'latency counts from the moment a request should have been sent. Generator, stores and services share the machine.',
    `Stores: ${report.stores}.`,
    `Embedder: ${report.embedder}. Chat model: 0 ms, in the process of the bench; its own time is taken off the latency of a chat.`,
    'Stored vectors are seeded unit vectors; what is added and asked during the run is embedded for real where the embedder is local.',
    '',
    ...tableOf(
      HEADINGS,
      report.cells.flatMap(({ operations }) => operations.map(rowOf)),
      [2],
    ),
    '',
    ...flatness(report),
    ...report.cells.flatMap((cell) => [cellLine(cell), ...processLines(cell.operations)]),
    'CPU µs: of all services per request, background work included, stores not. busy: share of all cores in use by anything. loop p99: delay of the',
    'slowest event loop, 5 ms timer included. RSS: of all services together.',
  ].join('\n');
}

function rowOf(figures: OperationFigures): readonly string[] {
  const { operation, errors, withoutVectors } = figures;
  return [
    String(figures.memories),
    String(figures.users),
    withoutVectors === null || withoutVectors === 0 ? operation : `${operation} (${withoutVectors} without vectors)`,
    ...[figures.p50Ms, figures.p95Ms, figures.p99Ms, figures.maxMs, figures.offeredPerSecond, figures.achievedPerSecond].map((value) =>
      shown(value, 1),
    ),
    String(errors),
    shown(figures.cpuMicrosecondsPerRequest, 0),
    figures.machineBusyShare === null ? '' : percent(figures.machineBusyShare),
    shown(figures.eventLoopP99Ms, 1),
    shown(figures.residentMegabytes, 0),
  ];
}

/** Of each search, what the largest installation takes of the time of the smallest. */
function flatness({ cells }: ClusterBenchReport): readonly string[] {
  const [smallest, largest] = [cells[0], cells.at(-1)];
  if (smallest === undefined || largest === undefined || smallest === largest) return [];
  const lines = largest.operations.flatMap((late) => {
    const early = smallest.operations.find(({ operation }) => operation === late.operation);
    if (early === undefined || !FLAT.test(late.operation)) return [];
    const [p50, p95] = [late.p50Ms / early.p50Ms, late.p95Ms / early.p95Ms];
    return [
      `${late.operation}: from ${smallest.memories} to ${largest.memories} memories p50 x ${p50.toFixed(2)}, p95 x ${p95.toFixed(2)}`,
    ];
  });
  return lines.length === 0 ? [] : [...lines, ''];
}

function cellLine(cell: ClusterBenchReport['cells'][number]): string {
  const { memories, users, documents, fillSeconds, indexSeconds, generatorCpuShare } = cell;
  const filling = `${memories} memories of ${users} users: ${documents} documents, filled in ${fillSeconds.toFixed(0)} s, started, indexed and merged after ${indexSeconds.toFixed(0)} s`;
  return `${filling}; the generator, its model and its embedder used ${percent(generatorCpuShare)} of a core.`;
}

/** Where the time of each kind of operation goes. */
function processLines(operations: readonly OperationFigures[]): readonly string[] {
  return operations
    .filter(({ processes }) => processes.length > 0)
    .map(({ operation, processes, index }) => {
      const each = processes.map(
        ({ process, cpuShare, residentMegabytes, eventLoopP99Ms }) =>
          `${process} ${percent(cpuShare)} (${shown(residentMegabytes, 0)} MB, loop ${shown(eventLoopP99Ms, 1)} ms)`,
      );
      const ofIndex =
        index === null
          ? ''
          : `, OpenSearch ${percent(index.cpuShare)} (${index.queries} queries of ${shown(index.queryMs, 2)} + ${shown(index.fetchMs, 2)} ms)`;
      return `  ${operation}, shares of a core: ${each.join(', ')}${ofIndex}`;
    });
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
