import type { Connection } from './connection.ts';

/** What `/metrics` says of the server's process. Reading it starts the event loop's histogram anew. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** The histogram counts whole intervals of its 5 ms timer, so an idle loop shows a little over 5. */
  readonly eventLoopP99Ms: number;
  /** Recalls so far whose vectors came too late. */
  readonly recallsWithoutVectors: number;
}

export async function processFigures(connection: Connection): Promise<ProcessFigures> {
  const { text } = await connection.get('/metrics');
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
