/** What a run of the model took: on the clock, and of a processor. */
export interface RunCost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * Passages are worked on in bursts of so much processor time. Shorter ones would learn nothing: whoever has just rested is let on to a
 * crowded machine at once, and has to wait only when it stays.
 */
const BURST_CPU_MS = 30;

/** What a thread seems to wait where nobody else wants its processor: what it has used is told to 4 ms. */
const FREE_WAITING_SHARE = 0.15;
/** With this share of waiting the rest is the longest. */
const CROWDED_WAITING_SHARE = 0.5;
/** In lengths of the burst: on a crowded machine passages take a ninth of a processor. */
const LONGEST_REST = 8;
/** Nothing is given up for ever: a passage of any length is followed by the next one within this time. */
const MAX_REST_MS = 250;

/**
 * How fast passages are embedded: as fast as possible on a machine that has room, and with rests where threads wait for processors,
 * because a vector that comes later is missed by nobody, and an answer that comes later is.
 */
export class PassagePace {
  private burst: RunCost = { wallMs: 0, cpuMs: 0 };

  /** Counts one passage. Returns how long to rest before the next one. */
  restAfter({ wallMs, cpuMs }: RunCost): number {
    this.burst = { wallMs: this.burst.wallMs + wallMs, cpuMs: this.burst.cpuMs + cpuMs };
    if (this.burst.cpuMs < BURST_CPU_MS) return 0;
    const { wallMs: burstMs, cpuMs: workedMs } = this.burst;
    this.burst = { wallMs: 0, cpuMs: 0 };
    const waiting = 1 - workedMs / Math.max(burstMs, workedMs);
    const crowding = Math.min(1, Math.max(0, (waiting - FREE_WAITING_SHARE) / (CROWDED_WAITING_SHARE - FREE_WAITING_SHARE)));
    return Math.min(MAX_REST_MS, crowding * LONGEST_REST * workedMs);
  }
}
