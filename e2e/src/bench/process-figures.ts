/** What `/metrics` says of a process. Reading it starts the event loop's histogram anew. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** The histogram counts whole intervals of its 5 ms timer, so an idle loop shows a little over 5. */
  readonly eventLoopP99Ms: number;
  /** Recalls so far whose vectors came too late. */
  readonly recallsWithoutVectors: number;
}

/** Figures in the text of `/metrics`. */
export function processFigures(text: string): ProcessFigures {
  const figure = (name: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1) ?? Number.NaN,
    );
  const missing = figure('continuo_recall_arms_total{arm="vectors",outcome="missing"}');
  return {
    cpuSeconds: figure('process_cpu_seconds_total'),
    residentBytes: figure('process_resident_memory_bytes'),
    eventLoopP99Ms: figure('nodejs_eventloop_lag_p99_seconds') * 1_000,
    recallsWithoutVectors: Number.isNaN(missing) ? 0 : missing,
  };
}

/** Of several processes: their sum, and the latest of their loops. */
export function togetherOf(processes: readonly ProcessFigures[]): ProcessFigures {
  const sum = (of: (figures: ProcessFigures) => number): number => processes.reduce((total, each) => total + of(each), 0);
  return {
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    residentBytes: sum(({ residentBytes }) => residentBytes),
    eventLoopP99Ms: Math.max(...processes.map(({ eventLoopP99Ms }) => eventLoopP99Ms)),
    recallsWithoutVectors: sum(({ recallsWithoutVectors }) => recallsWithoutVectors),
  };
}
