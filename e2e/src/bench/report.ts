import type { CellReport } from './cell.ts';
import type { OperationFigures } from './operations.ts';
import { shown, tableOf } from './table.ts';

export interface BenchReport {
  readonly embedder: string;
  readonly rate: number;
  readonly seconds: number;
  readonly machine: string;
  readonly cells: readonly CellReport[];
}

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
  'loop p99',
  'RSS MB',
];
/** The report for people: what was measured, the table, and what to bear in mind. */
export function printable(report: BenchReport): string {
  return [
    `Standalone server on ${report.machine}; ${report.rate} requests/s for ${report.seconds} s per row, Poisson arrivals, open loop:`,
    'latency counts from the moment a request should have been sent.',
    `Embedder: ${report.embedder}.`,
    'Stored vectors are seeded unit vectors; what is added and asked during the run is embedded for real where the embedder is local.',
    '',
    ...tableOf(
      HEADINGS,
      report.cells.flatMap((cell) => cell.operations.map(rowOf)),
      [2],
    ),
    '',
    ...report.cells.map(cellLine),
    'CPU µs: of all threads of the server per request, background work included. loop p99: delay of the event loop, 5 ms timer included.',
  ].join('\n');
}

function rowOf(figures: OperationFigures): readonly string[] {
  const { operation, errors, withoutVectors } = figures;
  return [
    String(figures.memories),
    String(figures.users),
    withoutVectors === null || withoutVectors === 0 || operation.includes('words alone')
      ? operation
      : `${operation} (${withoutVectors} without vectors)`,
    ...[figures.p50Ms, figures.p95Ms, figures.p99Ms, figures.maxMs, figures.offeredPerSecond, figures.achievedPerSecond].map((value) =>
      shown(value, 1),
    ),
    String(errors),
    ...[shown(figures.cpuMicrosecondsPerRequest, 0), shown(figures.eventLoopP99Ms, 1), shown(figures.residentMegabytes, 0)],
  ];
}

function cellLine(cell: CellReport): string {
  const { memories, users, documents, fillSeconds, indexSeconds, generatorCpuShare } = cell;
  const filling = `${memories} memories of ${users} users: ${documents} documents, filled in ${fillSeconds.toFixed(0)} s, served and indexed after ${indexSeconds.toFixed(0)} s`;
  return `${filling}; the generator used ${(100 * generatorCpuShare).toFixed(0)} % of a core.`;
}
