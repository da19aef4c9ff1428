import type { Mode } from '../../deployment/deployment.ts';
import { System } from '../../system.ts';
import { type JunkFigures, runJunkLoop } from './junk-loop.ts';

export interface JunkReport extends JunkFigures {
  readonly mode: Mode;
  readonly date: string;
  readonly turns: number;
}

/** The loop of recalled text on a fresh server, by the rules. */
export async function runJunkBench({ mode, turns, say }: { mode: Mode; turns: number; say: (line: string) => void }): Promise<JunkReport> {
  const system = await System.start({ mode });
  try {
    say(`${turns} turns in which recalled text comes back`);
    return { mode, date: new Date().toISOString().slice(0, 10), turns, ...(await runJunkLoop(system, 'ana', turns)) };
  } finally {
    await system.close();
  }
}

export const printableJunk = ({ mode, date, turns, before, after, grown, obeyed }: JunkReport): string =>
  [
    `bench:extract --junk, ${date}, ${mode}: ${turns} turns; memories before ${before}, after ${after}.`,
    ...grown.map((text) => `new: ${text}`),
    ...obeyed.map((text) => `obeyed: ${text}`),
  ].join('\n');
